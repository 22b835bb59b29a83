import PatchbayCore

/// Entries of the Boot Loader Specification: one file a kernel, `options` lines with its parameters.
struct BootEntries {
    struct Entry {
        /// Relative to the root.
        var path: String
        var parameters: KernelParameters
        fileprivate var version: String
        fileprivate var id: String
    }
    /// The highest version last.
    private(set) var entries: [Entry] = []
    /// What GRUB's environment says: `saved_entry`, and `kernelopts` that entries name as `$kernelopts`.
    private let environment: [Substring: Substring]
    /// `default` of systemd-boot's `loader.conf`: the name of an entry, in which `*` stands for anything. nil: none.
    private let chosen: Substring?

    init(_ tree: HostTree) {
        environment = Self.environment(tree)
        chosen = Self.chosen(tree)
        for folder in SysfsPath.bootEntries {
            for name in tree.names(folder) ?? [] where name.hasSuffix(".conf") {
                guard let text = tree.text("\(folder)/\(name)") else { continue }
                entries.append(entry(text, path: "\(folder)/\(name)", id: String(name.dropLast(5))))
            }
            if !entries.isEmpty { break }
        }
        entries.sort { VersionOrder.isBefore($0.version, $1.version) }
    }

    /// The one that was chosen, or else the one with the highest version. nil: there are none.
    var next: Entry? {
        if let saved = environment["saved_entry"] { return entries.first { $0.id == saved } ?? entries.last }
        guard let chosen else { return entries.last }
        return entries.last { TreePath.matches($0.id, chosen) } ?? entries.last
    }

    private static func chosen(_ tree: HostTree) -> Substring? {
        for path in SysfsPath.loaderSettings {
            for line in (tree.text(path) ?? "").prefix(1 << 12).split(separator: "\n") {
                let words = line.split(whereSeparator: \.isWhitespace)
                guard words.count == 2, words[0] == "default" else { continue }
                return words[1].hasSuffix(".conf") ? words[1].dropLast(5) : words[1]
            }
        }
        return nil
    }

    private func entry(_ text: String, path: String, id: String) -> Entry {
        var entry = Entry(path: path, parameters: KernelParameters([]), version: id, id: id)
        var options: [String] = []
        // An entry is some hundred bytes long; what is far longer is none.
        for line in text.prefix(1 << 14).split(separator: "\n") {
            let parts = line.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
            guard parts.count == 2 else { continue }
            let value = parts[1].trimmingBlanks
            if parts[0] == "options" { options.append(expanded(value)) }
            if parts[0] == "version" { entry.version = String(value) }
        }
        entry.parameters = KernelParameters(parsing: options.joined(separator: " "))
        return entry
    }

    private func expanded(_ options: Substring) -> String {
        options.split(separator: " ").map { word in
            word.hasPrefix("$") ? environment[word.dropFirst()] ?? "" : word
        }.joined(separator: " ")
    }

    /// `grubenv` is 1024 bytes of `name=value` lines, filled up with `#`.
    private static func environment(_ tree: HostTree) -> [Substring: Substring] {
        guard let text = SysfsPath.grubEnvironments.lazy.compactMap({ tree.text($0) }).first else { return [:] }
        var values: [Substring: Substring] = [:]
        for line in text.prefix(1 << 12).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        return values
    }
}

/// Versions of kernels in their order: runs of digits count as numbers, the rest as text.
enum VersionOrder {
    static func isBefore(_ a: String, _ b: String) -> Bool {
        var (first, second) = (a[...], b[...])
        while let x = first.first, let y = second.first {
            if x.isNumber, y.isNumber {
                let (left, right) = (digits(&first), digits(&second))
                if left.count != right.count { return left.count < right.count }
                if left != right { return left < right }
            } else {
                if x != y { return x < y }
                first = first.dropFirst()
                second = second.dropFirst()
            }
        }
        return first.isEmpty && !second.isEmpty
    }

    /// Without leading zeros.
    private static func digits(_ text: inout Substring) -> Substring {
        let run = text.prefix { $0.isNumber }
        text = text.dropFirst(run.count)
        return run.drop { $0 == "0" }
    }
}
