import PatchbayCore

/// What stands in a recording for what must not leave the machine. The same secret gets the same value everywhere.
///
/// Values are counted, not computed: the first serial number met becomes `SERIAL0001`. So nothing of a secret is in the
/// value, nothing can be worked back, and two recordings of one host cannot be told to be of one host by them.
/// A value of this form is left as it is: recording a recording changes nothing.
struct MadeUpValues {
    enum Kind: String, CaseIterable, Sendable {
        case host, serial, name, label, volumeGroup = "vg", volume, user, server, share, machine, target
        /// Any number written in hexadecimal digits: hardware addresses, UUIDs, serial numbers of devices.
        case hex
    }

    private var values: [Kind: [String: String]] = [:]
    private var counts: [Kind: Int] = [:]

    /// The value for a secret, made now if it has none.
    mutating func value(_ kind: Kind, _ secret: String) -> String {
        if let known = values[kind]?[secret] { return known }
        if Self.isMadeUp(secret, kind) { return secret }
        let value = Self.write(kind, count(kind))
        values[kind, default: [:]][secret] = value
        return value
    }

    func known(_ kind: Kind, _ secret: String) -> String? { values[kind]?[secret] }

    /// Hexadecimal digits, lower case, as many as the secret has: the form is kept, and so is what readers see in it.
    mutating func hex(_ digits: String) -> String {
        if let known = values[.hex]?[digits] { return known }
        let isTrivial = Set(digits).count == 1
        if isTrivial || Self.isMadeUpHex(digits) { return digits }
        let number = count(.hex)
        let value = Self.writeHex(number, length: digits.count)
        values[.hex, default: [:]][digits] = value
        let (secret, standIn) = (Self.reversed(digits), Self.reversed(value))
        if values[.hex]?[secret] == nil { values[.hex, default: [:]][secret] = standIn }
        return value
    }

    private mutating func count(_ kind: Kind) -> Int {
        counts[kind, default: 0] += 1
        return counts[kind, default: 1]
    }

    private static func write(_ kind: Kind, _ number: Int) -> String {
        switch kind {
        case .serial: "SERIAL" + String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
        case .target: "iqn.2000-01.made-up:target\(number)"
        case .host, .name, .label, .volumeGroup, .volume, .user, .server, .share, .machine, .hex:
            "\(kind.rawValue)\(number)"
        }
    }

    private static func isMadeUp(_ text: String, _ kind: Kind) -> Bool {
        let prefix = String(write(kind, 0).prefix { $0 != "0" })
        let stem = kind == .target ? "iqn.2000-01.made-up:target" : prefix
        guard text.hasPrefix(stem) else { return false }
        let rest = text.dropFirst(stem.count)
        return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// A locally administered number: `02:50:42:…` for hardware addresses, a UUID of version 4 for 32 digits.
    private static func writeHex(_ number: Int, length: Int) -> String {
        let counted = String(number, radix: 16)
        let stem = length == 32 ? uuidStem : hexStem
        let fill = max(0, length - stem.count - counted.count)
        return String((stem + String(repeating: "0", count: fill) + counted).prefix(length))
    }

    private static func isMadeUpHex(_ digits: String) -> Bool {
        let stem = digits.count == 32 ? uuidStem : hexStem
        guard digits.count > stem.count + 2 else { return digits.hasPrefix(stem) }
        return digits.hasPrefix(stem) && digits.dropFirst(stem.count).prefix(2) == "00"
            || digits.count == 16 && reversed(digits).hasPrefix(stem)
    }

    private static let hexStem = "025042"
    private static let uuidStem = "02504200000040008000"

    /// The bytes in the other order.
    static func reversed(_ digits: String) -> String {
        var pairs: [Substring] = []
        var rest = digits[...]
        while !rest.isEmpty {
            pairs.append(rest.prefix(2))
            rest = rest.dropFirst(2)
        }
        return pairs.reversed().joined()
    }
}
