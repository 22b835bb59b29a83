/// Randomness that a seed repeats: SplitMix64.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, case number: Int) {
        state = seed &* 0x2545_f491_4f6c_dd1d ^ UInt64(number) &* 0x9e37_79b9_7f4a_7c15
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// 0 ..< `count`; quicker than `Int.random` and just as good here.
    mutating func below(_ count: Int) -> Int { count < 2 ? 0 : Int(next() >> 11) % count }

    /// True once in `count`.
    mutating func isOne(in count: Int) -> Bool { below(count) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
