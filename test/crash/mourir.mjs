// Loaded before the program (node --import): counts each thing that a request writes to the database's socket or to the disk, and kills the
// process at the one that the request names (`x-point: 7 avant`, before it is done, or `7 apres`, once it is). The program knows nothing of it.
import fs from 'node:fs'
import http from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

let [count, mortel, moment, isArmed] = [0, 0, '', false]

const mourir = () => process.kill(process.pid, 'SIGKILL')
const isHere = when => isArmed && count === mortel && moment === when

/** Wraps what gives a promise. */
const compter = act =>
  async function (...args) {
    if (isArmed) count++
    const mine = count
    if (isHere('avant')) mourir()
    const done = await Reflect.apply(act, this, args)
    if (mine === count && isHere('apres')) mourir()
    return done
  }

for (const name of ['open', 'mkdir', 'rename', 'rm']) fs.promises[name] = compter(fs.promises[name])
const handle = await fs.promises.open('/dev/null')
for (const name of ['writeFile', 'sync']) {
  const prototype = Object.getPrototypeOf(handle)
  prototype[name] = compter(prototype[name])
}
await handle.close()
syncBuiltinESMExports()

const { connect, _writeGeneric } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  if (JSON.stringify(args).includes('.s.PGSQL.')) this.estLaBase = true
  return Reflect.apply(connect, this, args)
}
// Below the two ways in which a stream writes, one piece or several.
net.Socket.prototype._writeGeneric = function (writev, data, encoding, done) {
  if (!this.estLaBase || !isArmed) return Reflect.apply(_writeGeneric, this, [writev, data, encoding, done])
  count++
  if (isHere('avant')) return mourir()
  const isLast = isHere('apres')
  return Reflect.apply(_writeGeneric, this, [
    writev,
    data,
    encoding,
    error => {
      if (isLast) mourir()
      done(error)
    },
  ])
}

const { emit } = http.Server.prototype
http.Server.prototype.emit = function (event, ...args) {
  const [request, response] = args
  if (event === 'request' && request.headers['x-point']) {
    const [rank, when] = request.headers['x-point'].split(' ')
    ;[count, mortel, moment, isArmed] = [0, Number(rank), when, true]
    const { end } = response
    response.end = function (...rest) {
      isArmed = false
      return Reflect.apply(end, this, rest)
    }
  }
  return Reflect.apply(emit, this, [event, ...args])
}
