import PatchbayCore

/// `etc/default/grub` and `etc/default/grub.d/*.cfg`: shell assignments that grub-mkconfig sources in this order.
struct GRUBDefaults {
    private var values: [String: String] = [:]
    /// All that were read, in order, relative to the root.
    private(set) var files: [String] = [SysfsPath.grubDefaults]
    /// The one whose line `GRUB_CMDLINE_LINUX_DEFAULT` counts: the last that does not go on from what was there before.
    private(set) var file = SysfsPath.grubDefaults
    /// Every line that gives parameters of the kernel a value, in order.
    private var assignments: [Assignment] = []

    private struct Assignment {
        var name: Substring
        var path: String
        var lineNumber: Int
        /// It does not go on from what was there before.
        var startsAnew: Bool
    }

    /// nil: there is no such file.
    init?(_ tree: HostTree) {
        guard let text = tree.text(SysfsPath.grubDefaults) else { return nil }
        take(text, from: SysfsPath.grubDefaults)
        for name in tree.names(SysfsPath.grubDefaultsFolder) ?? [] where name.hasSuffix(".cfg") {
            let path = "\(SysfsPath.grubDefaultsFolder)/\(name)"
            files.append(path)
            take(tree.text(path) ?? "", from: path)
        }
    }

    /// What an ordinary boot gets, in the order that grub-mkconfig writes it.
    var parameters: KernelParameters {
        let lines = [Self.always, Self.usual].compactMap { values[$0] }
        return KernelParameters(parsing: lines.joined(separator: " "))
    }

    /// Somebody believes that a file of `grub.d` with this name is read: no copy of an editor or a package manager.
    static func isMeant(_ name: String) -> Bool {
        !name.hasSuffix(".cfg") && (!name.contains(".") || name.hasSuffix(".conf") || name.hasSuffix(".config"))
    }

    private static let usual = "GRUB_CMDLINE_LINUX_DEFAULT"
    private static let always = "GRUB_CMDLINE_LINUX"

    /// Why the line of a file does nothing: a later one replaces it. nil: it counts, or gives no parameters.
    func replacement(ofLine number: Int, in path: String) -> String? {
        guard let at = assignments.firstIndex(where: { $0.path == path && $0.lineNumber == number }),
            let later = assignments[(at + 1)...].first(where: { $0.name == assignments[at].name && $0.startsAnew })
        else { return nil }
        return "line \(later.lineNumber) of \(later.path == path ? "the same file" : "/\(later.path)") replaces it"
    }

    private mutating func take(_ text: String, from path: String) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var line = line.trimmingBlanks
            if line.hasPrefix("export ") { line = line.dropFirst(7).trimmingBlanks }
            guard let equals = line.firstIndex(of: "="), equals != line.startIndex else { continue }
            var name = line[..<equals]
            let isAddition = name.last == "+"
            if isAddition { name = name.dropLast() }
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { continue }
            let told = line[line.index(after: equals)...]
            if name == Self.usual || name == Self.always {
                let startsAnew = !isAddition && !isNamed(String(name), in: told)
                if name == Self.usual, startsAnew { file = path }
                assignments.append(
                    Assignment(name: name, path: path, lineNumber: index + 1, startsAnew: startsAnew))
            }
            let value = value(told)
            let before = isAddition ? values[String(name)] ?? "" : ""
            values[String(name)] = before.utf8.count < 1 << 16 ? before + value : before
        }
    }

    /// One word of shell: quotes are taken off, variables replaced (not in single quotes), a comment ends it.
    private func value(_ text: Substring) -> String {
        var result = ""
        var quote: Character?
        var at = text.startIndex
        // No command line is that long, but variables that repeat each other could be.
        while at < text.endIndex, result.utf8.count < 1 << 16 {
            let character = text[at]
            at = text.index(after: at)
            switch (character, quote) {
            case ("'", nil), ("\"", nil): quote = character
            case (let end, let open?) where end == open: quote = nil
            case ("\\", let open) where open != "'" && at < text.endIndex:
                result.append(text[at])
                at = text.index(after: at)
            case ("$", let open) where open != "'": result += values[variable(text, &at)] ?? ""
            case (let blank, nil) where blank.isWhitespace: return result
            default: result.append(character)
            }
        }
        return result
    }

    /// Whether the variable stands in it by its whole name.
    private func isNamed(_ name: String, in text: Substring) -> Bool {
        var at = text.startIndex
        while let dollar = text[at...].firstIndex(of: "$") {
            at = text.index(after: dollar)
            if variable(text, &at) == name { return true }
        }
        return false
    }

    /// The name behind a dollar sign, with or without braces. `at` ends behind it.
    private func variable(_ text: Substring, _ at: inout Substring.Index) -> String {
        let isBraced = at < text.endIndex && text[at] == "{"
        if isBraced { at = text.index(after: at) }
        let start = at
        while at < text.endIndex, text[at].isLetter || text[at].isNumber || text[at] == "_" {
            at = text.index(after: at)
        }
        let name = String(text[start..<at])
        if isBraced, at < text.endIndex, text[at] == "}" { at = text.index(after: at) }
        return name
    }
}
