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
        case .critical: "the host needs it; it is never lent"
        case .inUse: "the host uses it now; free it first"
        case .unknown: "it could not be determined whether the host needs it"
        case .dataAtRisk: "nobody uses it, but it holds data; lending it has to be allowed explicitly"
        case .free: "the host does not use it"
        }
    }
}
