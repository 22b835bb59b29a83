import PatchbayCore

/// `proc/cpuinfo`: a paragraph a CPU, `key : value` a line, with other keys on every architecture.
struct CPUInfo {
    struct Processor {
        var number: Int
        var socket: Int?
        var core: Int?
    }
    private(set) var processors: [Processor] = []
    /// What the first paragraph that has a key says.
    private var facts: [String: String] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let first = parts.first else { continue }
            let key = String(first.trimmingBlanks)
            let value = parts.count == 2 ? String(parts[1].trimmingBlanks) : ""
            if facts[key] == nil, !value.isEmpty { facts[key] = value }
            note(key, value)
        }
    }

    private mutating func note(_ key: String, _ value: String) {
        switch key {
        case "processor": if let number = Int(value) { processors.append(Processor(number: number)) }
        case "physical id" where !processors.isEmpty: processors[processors.count - 1].socket = Int(value)
        case "core id" where !processors.isEmpty: processors[processors.count - 1].core = Int(value)
        default: break
        }
    }

    func fact(_ key: String) -> String? { facts[key] }

    /// By keys that only one architecture has.
    var architecture: Architecture? {
        if vendor == "IBM/S390" { return .mainframe }
        if facts["CPU implementer"] != nil { return .arm }
        if facts["cpu"]?.hasPrefix("POWER") == true { return .power }
        if facts["isa"]?.hasPrefix("rv") == true { return .riscv }
        if facts["CPU Family"]?.hasPrefix("Loongson") == true { return .loongarch }
        return facts["vendor_id"] != nil || facts["flags"] != nil ? .x86 : nil
    }

    /// Of the processor: VT-x, AMD-V, SIE. nil: not told in a form where a missing one means something.
    var hasVirtualization: Bool? {
        if let flags { return flags.contains("vmx") || flags.contains("svm") }
        guard architecture == .mainframe else { return nil }
        return facts["features"].map { $0.split(separator: " ").contains("sie") }
    }

    /// `GenuineIntel`; on Arm the name that belongs to the implementer's code (MIDR_EL1, bits 31 to 24); `IBM` for POWER.
    var vendor: String? {
        if let vendor = facts["vendor_id"] { return vendor }
        if let code = facts["CPU implementer"] { return Self.implementers[code] ?? "ARM" }
        return facts["cpu"]?.hasPrefix("POWER") == true ? "IBM" : nil
    }

    var model: String? { facts["model name"] ?? facts["cpu"] ?? facts["Processor"] }

    /// nil: no flags are told in a form where a missing one means something.
    var flags: Set<Substring>? { facts["flags"].map { Set($0.split(separator: " ")) } }

    private static let implementers = [
        "0x41": "ARM", "0x43": "Cavium", "0x46": "Fujitsu", "0x48": "HiSilicon", "0x4e": "NVIDIA", "0x51": "Qualcomm",
        "0x61": "Apple", "0xc0": "Ampere",
    ]
}
