import PatchbayAPI
import PatchbayCore

/// Why the host needs a device: from the file system or route down to the function.
struct EvidenceChain: Sendable, Hashable {
    let sentence: String
    let links: [String]
    let severity: String

    init(_ use: API.HostUse) {
        self.sentence = use.sentence.split(separator: ":").first.map(String.init) ?? use.reason
        self.links = use.chain
        self.severity = HostUse.Severity(rawValue: use.severity).map { HostVerdict($0).words } ?? use.severity
    }
}
