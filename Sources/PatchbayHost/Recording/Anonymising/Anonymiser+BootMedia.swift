import PatchbayCore

extension Anonymiser {
    /// An entry of the firmware's: the UUID of its partition, as udev spells it elsewhere, and the address of its card.
    mutating func bootEntry(_ bytes: [UInt8]) -> [UInt8] {
        guard let path = FirmwareBootEntry.path(in: bytes) else { return bytes }
        var result = bytes
        for node in FirmwareBootEntry.nodes(path, in: bytes) {
            let content = Array(bytes[node.content])
            switch (node.type, node.subtype) {
            case (3, 11) where content.count >= 6:
                let digits = values.hex(hexDigits(content.prefix(6)))
                replace(node.content.lowerBound, with: digits, in: &result)
            case (4, 1) where content.count >= 38:
                guard let partition = FirmwareBootEntry.partition(content) else { continue }
                let digits = identity(partition).filter { $0 != "-" }
                replace(partition: digits, at: node.content.lowerBound, in: &result)
            default: continue
            }
        }
        return result
    }

    /// The first three parts of a GUID are written backwards; a signature of an MBR has the partition's number behind it.
    private func replace(partition digits: String, at start: Int, in bytes: inout [UInt8]) {
        let pairs = stride(from: 0, to: digits.count, by: 2).map { digits.dropFirst($0).prefix(2) }
        let numbers = pairs.compactMap { UInt8($0, radix: 16) }
        let order = numbers.count == 16 ? [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] : [3, 2, 1, 0]
        guard numbers.count == 16 || numbers.count == 5 else { return }
        for (place, source) in order.enumerated() { bytes[start + 20 + place] = numbers[source] }
        if numbers.count == 5 { bytes[start] = numbers[4] }
    }

    private func replace(_ start: Int, with digits: String, in bytes: inout [UInt8]) {
        for (place, at) in stride(from: 0, to: digits.count, by: 2).enumerated() {
            bytes[start + place] = UInt8(digits.dropFirst(at).prefix(2), radix: 16) ?? 0
        }
    }

    private func hexDigits(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
    }

    /// `active /dev/sdb LIO target vm-store`: the last word is somebody's name for it.
    mutating func service(_ line: Substring) -> String {
        let parts = line.split(separator: " ", maxSplits: 2).map { String($0) }
        guard parts.count == 3 else { return "" }
        var words = parts[2].split(separator: " ").map { String($0) }
        if words.first == "VM", words.count > 1 {
            words = ["VM", values.value(.machine, words.dropFirst().joined(separator: " "))]
        } else if words.count > 2, let last = words.last, !last.hasSuffix(")") {
            words[words.count - 1] = values.value(.name, last)
        }
        return "\(parts[0]) \(parameter(parts[1])) \(words.joined(separator: " "))"
    }

    /// `tank /dev/sdb1 auxiliary`
    mutating func poolMember(_ line: Substring) -> String {
        var words = line.split(separator: " ").map { String($0) }
        guard words.count >= 2 else { return "" }
        words[0] = values.value(.label, words[0])
        words[1] = parameter(words[1])
        return words.joined(separator: " ")
    }

    /// Name, device, key, options.
    mutating func encryptedVolume(_ line: Substring) -> String {
        let words = line.split { $0 == " " || $0 == "\t" }.map { String($0) }
        return words.enumerated().map { index, word -> String in
            switch index {
            case 0: values.value(.name, word)
            case 1: parameter(word)
            case 2: place(parameter(word))
            default: word.split(separator: ",").map { encryptionOption(String($0)) }.joined(separator: ",")
            }
        }.joined(separator: " ")
    }

    private mutating func encryptionOption(_ option: String) -> String {
        guard option.hasPrefix("header=") else { return mountOptions(option) }
        return "header=\(place(parameter(String(option.dropFirst(7)))))"
    }

    /// `vg:data` of what is online, `id = "…"` of a group's record.
    mutating func physicalVolume(_ line: Substring) -> String {
        if line.hasPrefix("vg:") { return "vg:\(values.value(.volumeGroup, String(line.dropFirst(3))))" }
        let words = line.split(separator: "\"", omittingEmptySubsequences: false).map { String($0) }
        guard words.count == 3, words[0].trimmingBlanks == "id =" else { return free(String(line)) }
        return "\(words[0])\"\(identity(words[1]))\"\(words[2])"
    }
}
