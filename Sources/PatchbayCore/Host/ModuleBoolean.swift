/// An option of a kernel module that is on or off, as the kernel reads it.
///
/// Sources: `lib/kstrtox.c` (`kstrtobool`), `kernel/params.c` (`param_set_bool`: a bare name turns it on) and
/// `libkmod/libkmod-config.c` (the kernel command line comes after modprobe.d, and the last word counts).
struct ModuleBoolean {
    /// With underscores, as `option`.
    let module: String
    let option: String

    static let unsafeInterrupts = ModuleBoolean(module: "vfio_iommu_type1", option: "allow_unsafe_interrupts")
    static let noIOMMU = ModuleBoolean(module: "vfio", option: "enable_unsafe_noiommu_mode")

    /// What the module is told when it is loaded. nil: nothing that it understands.
    func value(lines: [String] = [], parameters: [String]) -> Bool? {
        let told: [Bool?] =
            lines.map { value(inLine: $0) } + parameters.prefix { $0 != "--" }.map { value(inParameter: $0) }
        return told.compactMap { $0 }.last
    }

    /// What a word of the kernel command line sets it to: `vfio_iommu_type1.allow_unsafe_interrupts=1`.
    func value(inParameter word: String) -> Bool? { Self.value(in: word, of: "\(module).\(option)") }

    /// What a line of modprobe.d sets it to: `options vfio_iommu_type1 allow_unsafe_interrupts=1 disable_hugepages=0`.
    func value(inLine line: String) -> Bool? {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count > 2, words[0] == "options", words[1].replacingDashes == module else { return nil }
        return words.dropFirst(2).compactMap { Self.value(in: String($0), of: option) }.last
    }

    private static func value(in word: String, of name: String) -> Bool? {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0].replacingDashes == name else { return nil }
        return parts.count == 2 ? reading(parts[1].filter { $0 != "\"" }) : true
    }

    /// Its first letter decides, and the second of `on` and `off`. nil: the kernel refuses it.
    static func reading(_ value: String) -> Bool? {
        let start = value.prefix(2).lowercased()
        guard let first = start.first else { return nil }
        if "1yte".contains(first) || start == "on" { return true }
        return "0nfd".contains(first) || start == "of" ? false : nil
    }
}
