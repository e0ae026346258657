import { BlockList, isIP } from 'node:net'

// IANA special-purpose registries (RFC 6890 and successors). Of IPv6, only the global unicast 2000::/3 is let through, minus what embeds an IPv4 address.
const internal = new BlockList()
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
  internal.addSubnet(network, prefix, 'ipv4') // prettier-ignore
for (const [network, prefix] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  internal.addSubnet(network, prefix, 'ipv6') // prettier-ignore
const public6 = new BlockList()
public6.addSubnet('2000::', 3, 'ipv6')

/** Whether an IP address is of this machine, of a private network or reserved: nobody outside may make us call it. Anything that is no address is. */
export function isInternal(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return internal.check(address, 'ipv4')
  if (family === 6) return !public6.check(address, 'ipv6') || internal.check(address, 'ipv6')
  return true
}

/** Whether an address is of this machine alone. */
export const isLoopback = (address: string): boolean => address === '::1' || /^127\./.test(address)

/** A network as it is kept: `192.0.2.0/24`, `2001:db8::/32`; a lone address is a network of one. Undefined when it is not one. */
export function networkOf(typed: string): string | undefined {
  const [address = '', bits, ...rest] = typed.trim().toLowerCase().split('/')
  const family = isIP(address)
  const max = family === 4 ? 32 : 128
  if (family === 0 || rest.length > 0 || address.includes('%')) return undefined
  if (bits === undefined) return `${address}/${max}`
  return /^\d{1,3}$/.test(bits) && Number(bits) <= max ? `${address}/${Number(bits)}` : undefined
}

/** Whether an address is in one of these networks (as `networkOf` gives them). An IPv4 address written in IPv6 (::ffff:…) counts as IPv4. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(plain) === 4 ? 'ipv4' : isIP(plain) === 6 ? 'ipv6' : undefined
  if (!family) return false
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', bits] = network.split('/')
    if ((isIP(base) === 4) === (family === 'ipv4')) list.addSubnet(base, Number(bits), family)
  }
  return list.check(plain, family)
}
