import Glibc
public import Inputs
import SourceText

/// SHA-256 (FIPS 180-4), to name a token without showing it.
public enum SHA256 {
  /// The hash of `bytes` in 64 lower-case hex digits.
  public static func hex(_ bytes: [UInt8]) -> String {
    hash(bytes).map { $0.digits(radix: 16, width: 8) }.joined()
  }

  private static func hash(_ bytes: [UInt8]) -> [UInt32] {
    var message = bytes
    message.append(0x80)
    message += [UInt8](repeating: 0, count: (120 - message.count % 64) % 64)
    let length = UInt64(bytes.count) * 8
    message += (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(56 - 8 * $0)) }

    var state = primes.prefix(8).map { fraction(sqrt($0)) }
    var words = [UInt32](repeating: 0, count: 64)
    for block in stride(from: 0, to: message.count, by: 64) {
      for index in 0..<16 {
        words[index] = message[(block + 4 * index)..<(block + 4 * index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
      }
      for index in 16..<64 {
        let early = words[index - 15]
        let late = words[index - 2]
        let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
        let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
        words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
      }
      state = zip(state, compressed(state, words)).map { $0 &+ $1 }
    }
    return state
  }

  private static func compressed(_ state: [UInt32], _ words: [UInt32]) -> [UInt32] {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      let choice = e & f ^ ~e & g
      let first = h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice &+ constants[round] &+ words[round]
      let majority = a & b ^ a & c ^ b & c
      let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
    return [a, b, c, d, e, f, g, h]
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

  /// The first 64.
  private static let primes = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }.map(
    Double.init)
  private static let constants = primes.map { fraction(cbrt($0)) }

  /// The first 32 bits behind the point.
  private static func fraction(_ number: Double) -> UInt32 {
    UInt32(number.truncatingRemainder(dividingBy: 1) * 0x1p32)
  }
}

extension Secret {
  /// The first 12 hex digits of its SHA-256: tells two secrets apart without showing either.
  public var fingerprint: String { String(SHA256.hex(bytes).prefix(12)) }
}
