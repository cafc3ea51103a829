import Glibc

/// The bytes of an entry, or of a part of it.
typealias Bytes = UnsafeRawBufferPointer

/// What is done with every line of a log: a gigabyte has five million of them, and what takes a nanosecond a byte takes
/// a second. So it works on raw memory, sixteen bytes at a time, and stands here alone.
enum Scan {
  private typealias Block = SIMD16<UInt8>

  @inline(__always)
  private static func block(_ base: UnsafeRawPointer, _ offset: Int) -> Block {
    base.loadUnaligned(fromByteOffset: offset, as: Block.self)
  }

  @inline(__always)
  private static func word(_ bytes: Bytes, _ offset: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// Where `, ` stands first with that letter behind it and `isIt` says so.
  @inline(__always)
  static func place(ofCommaAnd letter: UInt8, in bytes: Bytes, from start: Int, where isIt: (Int) -> Bool) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let (comma, wanted) = (Block(repeating: UInt8(ascii: ",")), Block(repeating: letter))
    @inline(__always)
    func hits(_ offset: Int) -> SIMD2<UInt64> {
      unsafeBitCast((block(base, offset) .== comma) .& (block(base, offset &+ 2) .== wanted), to: SIMD2<UInt64>.self)
    }
    var offset = start
    // Two blocks at once, as most have nothing.
    while offset &+ 34 <= bytes.count {
      let (first, second) = (hits(offset), hits(offset &+ 16))
      let any = first | second
      if any[0] | any[1] != 0 {
        var word = 0
        while word < 4 {
          var rest = word < 2 ? first[word] : second[word - 2]
          while rest != 0 {
            let lane = rest.trailingZeroBitCount >> 3
            let found = offset &+ word &* 8 &+ lane
            if isIt(found) { return found }
            rest &= ~(0xFF << UInt64(lane * 8))
          }
          word += 1
        }
      }
      offset &+= 32
    }
    while offset &+ 3 <= bytes.count {
      if bytes[offset] == UInt8(ascii: ","), bytes[offset &+ 2] == letter, isIt(offset) { return offset }
      offset &+= 1
    }
    return nil
  }

  /// Where nginx' end of an entry begins, `, client: …` or `, context: …`; the end of the bytes where there is none.
  @inline(__always)
  static func tail(of bytes: Bytes, from start: Int) -> Int {
    place(ofCommaAnd: UInt8(ascii: "c"), in: bytes, from: start) { isTail(bytes, at: $0) } ?? bytes.count
  }

  /// Whether it begins there, where a comma has to be.
  @inline(__always)
  static func isTail(_ bytes: Bytes, at place: Int) -> Bool {
    guard place &+ 10 <= bytes.count, bytes[place] == UInt8(ascii: ",") else { return false }
    let name = word(bytes, place &+ 2)
    return name == client || name == context && bytes[place &+ 1] == UInt8(ascii: " ")
  }

  private static let client = UInt64(littleEndian: 0x203A_746E_6569_6C63)  // `client: `
  private static let context = UInt64(littleEndian: 0x3A74_7865_746E_6F63)  // `context:`

  // MARK: Hashes

  @inline(__always)
  private static func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func hash(_ bytes: Bytes, seed: UInt64, _ masked: (SIMD2<UInt64>) -> SIMD2<UInt64>) -> UInt64 {
    var sum = seed ^ 0x9E37_79B9_7F4A_7C15 &* UInt64(bytes.count)
    var offset = 0
    guard let base = bytes.baseAddress else { return sum }
    // Two chains of multiplications at once, as each waits for the one before.
    if bytes.count >= 64 {
      var other = seed
      while offset &+ 32 <= bytes.count {
        let one = masked(unsafeBitCast(block(base, offset), to: SIMD2<UInt64>.self))
        let two = masked(unsafeBitCast(block(base, offset &+ 16), to: SIMD2<UInt64>.self))
        sum = mixed(one[0] ^ 0xA076_1D64_78BD_642F, one[1] ^ sum)
        other = mixed(two[0] ^ 0x8EBC_6AF0_9C88_C6E3, two[1] ^ other)
        offset &+= 32
      }
      sum = mixed(sum, other ^ 0x5899_65CC_7537_4CC3)
    }
    while offset &+ 16 <= bytes.count {
      let part = masked(unsafeBitCast(block(base, offset), to: SIMD2<UInt64>.self))
      sum = mixed(part[0] ^ 0xA076_1D64_78BD_642F, part[1] ^ sum)
      offset &+= 16
    }
    guard offset < bytes.count else { return sum }
    var rest = Block()
    if bytes.count >= 16 {
      rest = block(base, bytes.count - 16)
    } else {
      for index in offset..<bytes.count { rest[index - offset] = bytes[index] }
    }
    let part = masked(unsafeBitCast(rest, to: SIMD2<UInt64>.self))
    return mixed(part[0] ^ 0xE703_7ED1_A0B4_28DB, part[1] ^ sum)
  }

  @inline(__always)
  static func hash(_ bytes: Bytes, seed: UInt64) -> UInt64 { hash(bytes, seed: seed) { $0 } }

  /// The same whatever the digits are, but not however many.
  @inline(__always)
  static func maskedHash(_ bytes: Bytes, seed: UInt64) -> UInt64 {
    hash(bytes, seed: ~seed) { part in
      var block = unsafeBitCast(part, to: Block.self)
      block.replace(
        with: UInt8(ascii: "0"), where: (block &- Block(repeating: UInt8(ascii: "0"))) .< Block(repeating: 10))
      return unsafeBitCast(block, to: SIMD2<UInt64>.self)
    }
  }

  /// The same whatever the words are that have a digit in them: numbers, addresses, ids.
  static func wordHash(_ bytes: Bytes, seed: UInt64) -> UInt64 {
    var (sum, start, hasDigit) = (seed ^ 0xCBF2_9CE4_8422_2325, 0, false)
    for index in 0...bytes.count {
      let byte = index < bytes.count ? bytes[index] : 0
      let isDigit = byte &- UInt8(ascii: "0") < 10
      if isDigit || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte >= 0x80 {
        hasDigit = hasDigit || isDigit
        continue
      }
      if hasDigit {
        sum = (sum ^ UInt64(UInt8(ascii: "0"))) &* 0x100_0000_01B3
      } else {
        for inner in start..<index { sum = (sum ^ UInt64(bytes[inner])) &* 0x100_0000_01B3 }
      }
      sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3
      (start, hasDigit) = (index + 1, false)
    }
    return mixed(sum, 0x9E37_79B9_7F4A_7C15)
  }

  /// The first place of a byte.
  @inline(__always)
  static func place(of byte: UInt8, in bytes: Bytes, from start: Int = 0) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }
}

extension UnsafeRawBufferPointer {
  @inline(__always)
  func part(_ range: Range<Int>) -> Bytes { Bytes(rebasing: self[range]) }

  @inline(__always)
  func starts(with text: StaticString, at offset: Int = 0) -> Bool {
    guard offset + text.utf8CodeUnitCount <= count, let baseAddress else { return false }
    return memcmp(baseAddress + offset, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}
