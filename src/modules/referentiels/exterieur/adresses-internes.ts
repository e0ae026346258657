import { BlockList, isIP } from 'node:net'

// IANA special-purpose registries (RFC 6890 and successors). Of IPv6, only the global unicast 2000::/3 is let through, minus what embeds an IPv4 address.
const internes = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  internes.addSubnet(network, prefix, 'ipv4') // prettier-ignore
for (const [network, prefix] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  internes.addSubnet(network, prefix, 'ipv6') // prettier-ignore
const publiques6 = new BlockList()
publiques6.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address is of this machine, of a private network or reserved: nobody outside may make us call it. Anything that is no address is. */
export function estInterne(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return internes.check(address, 'ipv4')
  if (family === 6) return !publiques6.check(address, 'ipv6') || internes.check(address, 'ipv6')
  return true
}

/** Whether an address is of this machine alone. */
export const estDeBoucle = (address: string): boolean => address === '::1' || /^127\./.test(address)
