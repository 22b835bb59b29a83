import PatchbayCore

extension Anonymiser {
    /// `eth0 00000000 0101A8C0 …`: destination, gateway and mask are hexadecimal, as the processor has its bytes.
    mutating func routes(_ line: Substring, _ order: KernelByteOrder) -> String {
        var fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
        guard fields.count > 7, let destination = UInt32(fields[1], radix: 16),
            let gateway = UInt32(fields[2], radix: 16),
            let mask = UInt32(fields[7].trimmingBlanks, radix: 16)
        else { return String(decoding: plainText(Array(line.utf8), allNames: false), as: UTF8.self) }
        let turn = { (word: UInt32) in order == .little ? word.byteSwapped : word }
        let length = (~turn(mask)).leadingZeroBitCount
        fields[0] = translate(fields[0])
        fields[1] = Self.word(turn(addresses.version4(turn(destination), prefix: length)))
        fields[2] = Self.word(turn(addresses.version4(turn(gateway))))
        return fields.joined(separator: "\t")
    }

    private static func word(_ value: UInt32) -> String {
        let digits = String(value, radix: 16).uppercased()
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Destination, its prefix length, source, its prefix length, next hop; then numbers and the interface.
    mutating func routes6(_ line: Substring) -> String {
        var fields = line.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
        guard fields.count >= 10 else { return String(line) }
        let interface = fields.count - 1
        fields[interface] = translate(fields[interface])
        for (address, prefix) in [(0, Int(fields[1], radix: 16)), (2, Int(fields[3], radix: 16)), (4, 128)] {
            let bytes = Array(fields[address].utf8).chunked
            guard bytes.count == 16, let prefix else { continue }
            fields[address] = ConfigSecrets.digits(addresses.version6(bytes, prefix: prefix))
        }
        return fields.joined(separator: " ")
    }

    /// `4 254 c0000200 24 100 eth0 via from=20010db8…/48`: family, table, address, prefix length, metric, interface.
    mutating func route(_ line: Substring) -> String {
        var fields = line.split(separator: " ").map { String($0) }
        guard fields.count >= 6, let length = Int(fields[3]) else { return String(line) }
        fields[2] = address(fields[2], prefix: length)
        fields[5] = translate(fields[5])
        for index in fields.indices.dropFirst(6) where fields[index].hasPrefix("from=") {
            let parts = fields[index].dropFirst(5).split(separator: "/")
            guard parts.count == 2, let length = Int(parts[1]) else { continue }
            fields[index] = "from=\(address(String(parts[0]), prefix: length))/\(length)"
        }
        return fields.joined(separator: " ")
    }

    /// `wg0 kind=wireguard remote=c0000201`: interfaces and addresses.
    mutating func link(_ line: Substring) -> String {
        let words = line.split(separator: " ").map { word -> String in
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return word == "elsewhere" ? "elsewhere" : translate(String(word)) }
            switch parts[0] {
            case "link": return "link=\(translate(String(parts[1])))"
            case "remote": return "remote=\(address(String(parts[1]), prefix: 8 * parts[1].utf8.count / 2))"
            default: return String(word)
            }
        }
        return words.joined(separator: " ")
    }

    /// The process of a network namespace or somebody's name for it, an interface there, the bus and name of its device.
    mutating func otherNetwork(_ line: Substring) -> String {
        var fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
        guard fields.count == 4 else { return "" }
        if Int(fields[0]) == nil { fields[0] = values.value(.name, fields[0]) }
        fields[1] = translate(fields[1])
        return fields.joined(separator: "\t")
    }

    /// 8 or 32 hexadecimal digits; anything else as it is.
    private mutating func address(_ digits: String, prefix: Int) -> String {
        let bytes = Array(digits.utf8).chunked
        switch bytes.count {
        case 4:
            let address = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return Self.word(addresses.version4(address, prefix: prefix)).lowercased()
        case 16: return ConfigSecrets.digits(addresses.version6(bytes, prefix: prefix))
        default: return digits
        }
    }

    /// `0: 0100007F:1F90 00000000:0000 01`: words of 32 bits, the lowest byte first.
    mutating func connection(_ line: Substring) -> String {
        line.split(separator: " ").map { field -> String in
            let parts = field.split(separator: ":")
            let bytes = parts.first.map { Array($0.utf8).chunked } ?? []
            guard parts.count == 2, bytes.count == 4 || bytes.count == 16 else { return String(field) }
            let turned = Self.wordsTurned(bytes)
            let made: [UInt8]
            if turned.count == 4 {
                let address = addresses.version4(turned.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
                made = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: address >> UInt32($0)) }
            } else {
                made = addresses.version6(turned)
            }
            return ConfigSecrets.digits(Self.wordsTurned(made)).uppercased() + ":\(parts[1])"
        }.joined(separator: " ")
    }

    private static func wordsTurned(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 4).flatMap { bytes[$0..<$0 + 4].reversed() }
    }

    /// IPv4 addresses in dots, where they stand alone: not the numbers of a version.
    mutating func addresses(in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var at = 0
        while at < text.count {
            let start = at
            while at < text.count, Self.isOfAddress(text[at]) { at += 1 }
            let piece = text[start..<at]
            let isAlone =
                (start == 0 || !Self.joinsWords(text[start - 1])) && (at == text.count || !Self.joinsWords(text[at]))
            if isAlone, let address = Self.dotted(piece) {
                result += Array(Self.dotted(addresses.version4(address)).utf8)
            } else {
                result += piece
            }
            if at < text.count {
                result.append(text[at])
                at += 1
            }
        }
        return result
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || byte == 0x2e }
    private static func joinsWords(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte & 0xdf) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    static func dotted(_ text: some Sequence<UInt8>) -> UInt32? {
        let parts = String(decoding: Array(text), as: UTF8.self).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let octet = UInt8(part) else { return nil }
            address = address << 8 | UInt32(octet)
        }
        return address
    }

    private static func dotted(_ address: UInt32) -> String {
        [24, 16, 8, 0].map { String(address >> UInt32($0) & 0xff) }.joined(separator: ".")
    }
}

extension [UInt8] {
    /// The bytes that pairs of hexadecimal digits stand for; empty when one is none.
    fileprivate var chunked: [UInt8] {
        guard count.isMultiple(of: 2) else { return [] }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: count, by: 2) {
            guard let high = KernelText.digit(self[index]), let low = KernelText.digit(self[index + 1]) else {
                return []
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
