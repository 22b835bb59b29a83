import PatchbayCore

/// What `modprobe.d` says about VFIO, KVM and the drivers of graphics cards, as it is written.
struct ModuleOptionsReader {
    let tree: HostTree

    /// Sorted by the names of their files. Files that modprobe passes over for their names are among them, where people
    /// seem to believe in them.
    var lines: [SettingLine] {
        var files: [String: String] = [:]
        for folder in SysfsPath.moduleOptions {
            for name in tree.names(folder) ?? [] where files[name] == nil {
                if name.hasSuffix(".conf") || folder == SysfsPath.moduleOptions[0] && Self.isMeant(name) {
                    files[name] = "\(folder)/\(name)"
                }
            }
        }
        return files.sorted { $0.key < $1.key }.flatMap { Self.lines(tree.text($0.value) ?? "", in: "/\($0.value)") }
            + misplaced
    }

    /// Lines of modprobe.d in files that nothing reads them from.
    private var misplaced: [SettingLine] {
        let folder = SysfsPath.moduleLists
        let lists = (tree.names(folder) ?? []).filter { $0.hasSuffix(".conf") }.map { "\(folder)/\($0)" }
        return (SysfsPath.misplacedOptions + lists).flatMap { path in
            Self.lines(tree.text(path) ?? "", in: "/\(path)").filter { line in
                ["options ", "blacklist ", "softdep "].contains(where: line.setting.hasPrefix)
            }
        }
    }

    /// A name without the ending that modprobe wants, and no copy of an editor or a package manager.
    private static func isMeant(_ name: String) -> Bool {
        name.contains("vfio") && (!name.contains(".") || name.hasSuffix(".cfg") || name.hasSuffix(".config"))
            && !name.hasSuffix("~")
    }

    /// Comments and what is about other modules left out, blanks made one, continued lines joined; at most some dozens.
    private static func lines(_ text: String, in file: String) -> [SettingLine] {
        let text = text.prefix(SettingFile.mostCharacters)
        var found: [SettingLine] = []
        var words: [Substring] = []
        var start = 0
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where found.count < SettingFile.mostLines {
            if words.isEmpty { start = index + 1 }
            let isContinued = line.hasSuffix("\\")
            words += (isContinued ? line.dropLast() : line).split(whereSeparator: \.isWhitespace)
            guard !isContinued else { continue }
            if words.count >= 2, words[0].first != "#", words.dropFirst().contains(where: isOfInterest) {
                found.append(SettingLine(file: file, lineNumber: start, setting: words.joined(separator: " ")))
            }
            words = []
        }
        return found
    }

    private static let families = [
        "vfio", "pci_stub", "nvidia", "nouveau", "amdgpu", "radeon", "i915", "xe", "kvm", "snd_hda_intel",
    ]

    private static func isOfInterest(_ word: Substring) -> Bool {
        let name = String(word.map { $0 == "-" ? "_" : $0 })
        return families.contains {
            name == $0 || name.hasPrefix("\($0)_")
                || $0 == "vfio" && (name.hasPrefix("vfio") || name.hasSuffix("vfio_pci"))
        }
    }
}
