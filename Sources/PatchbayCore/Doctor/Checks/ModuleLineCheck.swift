/// Lines of modprobe.d that do nothing (modprobe.d(5)).
enum ModuleLineCheck {
    private static let commands: Set<Substring> = [
        "alias", "blacklist", "install", "options", "remove", "softdep", "weakdep",
    ]

    /// nil: nothing that is known to be wrong.
    static func mistake(in line: SettingLine, _ patient: Patient) -> String? {
        if line.file == "/etc/modprobe.conf" {
            return "modprobe does not read this file, only those in /etc/modprobe.d"
        }
        if line.isOfModuleList { return "this file holds names of modules; options belong in /etc/modprobe.d" }
        if !line.file.hasSuffix(".conf") { return "modprobe reads only files whose names end with .conf" }
        let words = line.setting.split(separator: " ")
        guard let command = words.first else { return nil }
        guard commands.contains(command) else { return "modprobe.d has no command \(command)" }
        if command == "blacklist", words.count > 2, !words[2].hasPrefix("#") {
            return "blacklist takes one module per line and ignores \(words[2])"
        }
        guard command == "options", words.count >= 2 else { return nil }
        let module = words[1].replacingDashes
        if module.hasPrefix("vfio"), words[1].contains("=") || words[1].contains(".") {
            return "a line has to name its module first, as in: options vfio-pci ids=VVVV:DDDD"
        }
        return words.dropFirst(2).lazy.compactMap { mistake(inOption: $0, of: module, patient) }.first
            ?? replacement(of: line, module, patient)
    }

    /// modprobe joins all lines of a module, and of two lists of ids the last counts. Nothing is lost where it is the same.
    private static func replacement(of line: SettingLine, _ module: String, _ patient: Patient) -> String? {
        guard let list = ids(in: line, of: module),
            let last = patient.moduleLines.last(where: { $0.isRead && ids(in: $0, of: module) != nil }),
            ids(in: last, of: module) != list
        else { return nil }
        return "\(last.place) replaces its ids; one list holds all, as in ids=VVVV:DDDD,VVVV:DDDD"
    }

    private static func ids(in line: SettingLine, of module: String) -> String? {
        let words = line.setting.split(separator: " ")
        guard words.count > 2, words[0] == "options", words[1].replacingDashes == module,
            ["vfio_pci", "pci_stub"].contains(module)
        else { return nil }
        return words.dropFirst(2).last { $0.hasPrefix("ids=") }?.lowercased()
    }

    private static func mistake(inOption word: Substring, of module: String, _ patient: Patient) -> String? {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let option = parts[0].replacingDashes
        if PassthroughID.isList(word) {
            return "ids need \"ids=\" before them and no spaces: ids=VVVV:DDDD,VVVV:DDDD"
        }
        if let why = ParameterName.option(option, of: module) { return why }
        guard ["vfio_pci", "pci_stub"].contains(module), option == "ids" else { return nil }
        return PassthroughID.mistake(in: parts.count == 2 ? String(parts[1]) : "", patient)
    }
}

/// `vendor:device[:subvendor[:subdevice[:class[:mask]]]]` of vfio-pci's and pci-stub's `ids` (`drivers/vfio/pci/vfio_pci.c`).
enum PassthroughID {
    /// `10de:1f99,10de:10fa`, and nothing else.
    static func isList(_ word: some StringProtocol) -> Bool {
        let entries = word.split(separator: ",")
        return !entries.isEmpty
            && entries.allSatisfy { entry in
                let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
                return parts.count == 2 && parts.allSatisfy { $0.count == 4 && UInt16($0, radix: 16) != nil }
            }
    }

    /// Entries that name no device of the host. One that may come later (a virtual function) is none of these.
    static func mistake(in list: String, _ patient: Patient) -> String? {
        let entries = list.filter { $0 != "\"" }.split(separator: ",")
        guard !entries.isEmpty else { return "the list of ids is empty" }
        let absent = entries.filter { !isThere($0, patient) }
        guard !absent.isEmpty, !patient.inventory.functions.isEmpty else { return nil }
        if let address = absent.first(where: { $0.contains(".") }) {
            return "\(address) is an address; ids name models, VVVV:DDDD"
        }
        return
            "no device of this host has \(absent.count == 1 ? "the id" : "the ids") \(absent.joined(separator: ", "))"
    }

    private static func isThere(_ entry: Substring, _ patient: Patient) -> Bool {
        let numbers = entry.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0, radix: 16) }
        guard numbers.count >= 2, let vendor = numbers[0], let device = numbers[1] else { return false }
        return patient.inventory.functions.contains { (function: PCIFunction) -> Bool in
            guard isSame(vendor, function.id.vendor) else { return false }
            let made = function.details?.capabilities?.sriov?.vfDeviceID
            return isSame(device, function.id.device) || made.map { isSame(device, $0) } ?? false
        }
    }

    /// `ffffffff` stands for any.
    private static func isSame(_ asked: UInt32, _ id: UInt16) -> Bool { asked == .max || asked == UInt32(id) }
}

/// Whether two words differ by few letters.
enum EditDistance {
    /// Insertions, deletions and replacements (Levenshtein); one swap of neighbours counts as one, too.
    static func isAtMost(_ most: Int, _ a: [Character], _ b: [Character]) -> Bool {
        guard abs(a.count - b.count) <= most else { return false }
        var before: [Int] = []
        var last = Array(0...b.count)
        for (row, letter) in a.enumerated() {
            var next = [row + 1]
            for (column, other) in b.enumerated() {
                var cost = min(last[column + 1] + 1, next[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
                    cost = min(cost, before[column - 1] + 1)
                }
                next.append(cost)
            }
            before = last
            last = next
        }
        return (last.last ?? 0) <= most
    }
}
