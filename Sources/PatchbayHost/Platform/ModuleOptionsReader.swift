/// What `modprobe.d` says about VFIO, KVM and the drivers of graphics cards, as it is written.
struct ModuleOptionsReader {
    let tree: HostTree

    func read() -> [String] {
        var files: [String: String] = [:]
        for folder in SysfsPath.moduleOptions {
            for name in tree.names(folder) ?? [] where name.hasSuffix(".conf") && files[name] == nil {
                files[name] = tree.text("\(folder)/\(name)") ?? ""
            }
        }
        return files.sorted { $0.key < $1.key }.flatMap { Self.lines($0.value) }
    }

    /// Comments and what is about other modules left out, blanks made one, continued lines joined.
    static func lines(_ text: String) -> [String] {
        let joined = text.split(separator: "\\\n", omittingEmptySubsequences: false).joined(separator: " ")
        return joined.split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, !words[0].hasPrefix("#"), words.dropFirst().contains(where: isOfInterest) else {
                return nil
            }
            return words.joined(separator: " ")
        }
    }

    private static let families = [
        "vfio", "nvidia", "nouveau", "amdgpu", "radeon", "i915", "xe", "kvm", "snd_hda_intel",
    ]

    private static func isOfInterest(_ word: Substring) -> Bool {
        let name = String(word.map { $0 == "-" ? "_" : $0 })
        return families.contains {
            name == $0 || name.hasPrefix("\($0)_") || $0 == "vfio" && name.hasSuffix("vfio_pci")
        }
    }
}
