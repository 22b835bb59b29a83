import PatchbayCore

extension HostVerdict {
    /// For people; the same words in every door.
    package var words: String {
        switch self {
        case .critical: "critical"
        case .inUse: "in use"
        case .unknown: "unknown"
        case .dataAtRisk: "data at risk"
        case .free: "free"
        }
    }

    /// What it means for handing the device over.
    package var meaning: String {
        switch self {
        case .critical: "the host needs it: never handed over"
        case .inUse: "the host uses it now: free it first"
        case .unknown: "what was read cannot tell whether the host needs it"
        case .dataAtRisk: "nobody uses it, but data of the host lies on it"
        case .free: "the host does not use it"
        }
    }
}

extension API.HostUse {
    /// `critical: root file system: / → sda1 → 0000:00:17.0`
    package var line: String {
        let verdict = HostUse.Severity(rawValue: severity).map { HostVerdict($0).words } ?? severity
        return "\(verdict): \(sentence)"
    }
}

extension API.Isolation {
    /// `isolated`, `not isolated`, `unknown`
    package var words: String { verdict.replacing("-", with: " ") }
}

extension API.Holder {
    /// `qemu-system-x86 (4711) has /dev/vfio/12 open · unit machine-qemu.scope`
    package var words: String {
        ["\(command) (\(pid)) has \(node) open", unit.map { "unit \($0)" }, container.map { "container \($0)" }]
            .compactMap { $0 }.joined(separator: " · ") + (recipe.map { " · \($0)" } ?? "")
    }
}
