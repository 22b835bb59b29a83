/// The `address` of a Nova `device_spec`, in its two forms.
package struct NovaAddressPattern: Sendable {
    /// What one part of an address has to be; the parts in order: domain, bus, slot, function.
    fileprivate enum Part: Sendable {
        case any
        case number(UInt32)
        /// A regular expression, found at the start of the part as the kernel prints it.
        case expression(String)
    }
    private static let names = ["domain", "bus", "slot", "function"]
    private static let limits: [UInt32] = [0xffff, 0xff, 0x1f, 7]

    private let parts: [Part]

    /// Matches every address.
    static let everywhere = NovaAddressPattern(parts: [.any, .any, .any, .any])

    private init(parts: [Part]) { self.parts = parts }

    /// The one address.
    init(_ address: PCIAddress) {
        parts = [
            .number(address.domain), .number(UInt32(address.bus)), .number(UInt32(address.slot)),
            .number(UInt32(address.function)),
        ]
    }

    init(_ value: NovaValue) throws(NovaRefusal) {
        if value.isEmpty {
            self = .everywhere
            return
        }
        switch value {
        case .text(let text): try self.init(text: text)
        case .object(let fields): try self.init(fields: fields)
        case .null, .bool, .number, .list:
            throw NovaRefusal(.malformedAddress, "An address is a text or an object, not \(value.kind).")
        }
    }

    /// `[[[domain:]bus:]slot][.function]`: a part that is missing, blank or `*` matches anything.
    private init(text: String) throws(NovaRefusal) {
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let colons = (halves.first ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard colons.count <= 3 else {
            throw NovaRefusal(.malformedAddress, "The address \"\(text)\" has more than domain, bus and slot.")
        }
        let missing = [Substring](repeating: "*", count: 3 - colons.count)
        let written = missing + colons + [halves.count > 1 ? halves[1] : "*"]
        var parts: [Part] = []
        for index in written.indices {
            let word = written[index].trimmingBlanks
            guard !word.isEmpty, word != "*" else {
                parts.append(.any)
                continue
            }
            guard let number = NovaText.hexadecimal(word), number <= Self.limits[index] else {
                throw NovaRefusal(
                    .malformed,
                    "\"\(word)\" of the address \"\(text)\" is no \(Self.names[index]): hexadecimal digits up to "
                        + "\(String(Self.limits[index], radix: 16)), or *.")
            }
            parts.append(.number(number))
        }
        self.parts = parts
    }

    /// `{"domain": ".*", "bus": "0[ab]"}`: what is missing matches anything, other keys mean nothing.
    private init(fields: [String: NovaValue]) throws(NovaRefusal) {
        var parts: [Part] = []
        for name in Self.names {
            guard let value = fields[name] else {
                parts.append(.any)
                continue
            }
            guard case .text(let text) = value else {
                throw NovaRefusal(
                    .malformedAddress, "\(name) of an address is a regular expression, not \(value.kind).")
            }
            do { _ = try RuleExpression(text) } catch { throw NovaRefusal(.malformedAddress, error.detail) }
            parts.append(.expression(text))
        }
        self.parts = parts
    }

    /// The one address it can only mean, as Nova tells it: all four parts are hexadecimal digits and nothing else.
    /// Nova looks that up letter for letter, so an expression counts only where it is written as the kernel prints it.
    package var single: PCIAddress? {
        var numbers: [UInt32] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .any: return nil
            case .number(let number): numbers.append(number)
            case .expression(let text):
                guard let number = NovaText.hexadecimal(Substring(text)), number <= Self.limits[index],
                    text == Self.printed(number, index)
                else { return nil }
                numbers.append(number)
            }
        }
        return PCIAddress(
            domain: numbers[0], bus: UInt8(numbers[1]), slot: UInt8(numbers[2]), function: UInt8(numbers[3]))
    }

    /// One expression on the whole address that is the same; nil: there is none, because parts are expressions.
    package var expression: String? {
        var written: [String] = []
        for (index, part) in parts.enumerated() {
            switch part {
            case .any: written.append(String(repeating: ".", count: Self.printed(0, index).utf8.count))
            case .number(let number): written.append(Self.printed(number, index))
            case .expression: return nil
            }
        }
        return "^\(written[0]):\(written[1]):\(written[2])\\.\(written[3])$"
    }

    package var isEverywhere: Bool {
        parts.allSatisfy { part in
            if case .any = part { true } else { false }
        }
    }

    private static func printed(_ number: UInt32, _ index: Int) -> String { number.hex([4, 2, 2, 1][index]) }

    /// Made once, asked of many devices.
    func matcher() -> Matcher { Matcher(parts: parts.map(Matcher.test)) }

    struct Matcher {
        fileprivate enum Test {
            case any
            case number(UInt32)
            case expression(RuleExpression)
            case never
        }
        fileprivate let parts: [Test]

        fileprivate static func test(_ part: Part) -> Test {
            switch part {
            case .any: .any
            case .number(let number): .number(number)
            case .expression(let text): (try? RuleExpression(text)).map(Test.expression) ?? .never
            }
        }

        func matches(_ address: PCIAddress) -> Bool {
            let numbers = [address.domain, UInt32(address.bus), UInt32(address.slot), UInt32(address.function)]
            return parts.indices.allSatisfy { index in
                switch parts[index] {
                case .any: true
                case .number(let number): number == numbers[index]
                case .expression(let expression):
                    expression.isPrefix(of: NovaAddressPattern.printed(numbers[index], index))
                case .never: false
                }
            }
        }
    }
}
