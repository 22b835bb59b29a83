import PatchbayAPI
import PatchbayCore

/// The effects of creating or changing a pool: what changes in its definition, which devices enter and leave it, and which VMs
/// lose something by it.
struct PoolChangePreview {
    private let differences: [API.Difference]
    private let findings: [API.Finding]

    /// - Parameters:
    ///   - old: the pool as it is; nil: there is none.
    ///   - draft: what is to change.
    init(
        of draft: API.PoolDraft, replacing old: API.Pool?, _ service: any PatchbayService
    ) async throws(Problem) {
        let before = try old?.definition ?? Pool(name: draft.name ?? "", kind: draft.kind ?? .pci)
        let whole = API.PoolDraft(try draft.applied(to: before))
        let name = whole.name ?? ""
        let match = try await service.previewRules(
            API.RulePreviewRequest(rules: whole.rules ?? [], kind: whole.kind))
        let policy = try await service.applyPolicy(API.PolicyDraft(pools: [whole]), dryRun: true)
        var differences = policy.differences ?? []
        let lines = Self.lines(from: old?.devices ?? [], to: match.devices)
        if !lines.isEmpty {
            differences.append(
                API.Difference(
                    kind: "devices of pool", name: name, action: old == nil ? .create : .change, lines: lines))
        }
        self.differences = differences
        findings = policy.findings + match.findings
    }

    /// The change with its effects: all of them before it is made, only warnings after.
    func added(to change: API.Change) -> API.Change {
        var change = change
        for finding in findings where !change.findings.contains(where: { $0.sentence == finding.sentence }) {
            change.findings.append(finding)
        }
        if change.dryRun, !differences.isEmpty { change.differences = differences }
        return change
    }

    /// `+` for a device that enters, `-` for one that leaves.
    private static func lines(from old: [API.Device], to new: [API.Device]) -> [String] {
        let (before, after) = (Set(old.map(\.id)), Set(new.map(\.id)))
        let leaving = old.filter { !after.contains($0.id) }.map { "- \(words($0))" }
        return leaving + new.filter { !before.contains($0.id) }.map { "+ \(words($0))" }
    }

    private static func words(_ device: API.Device) -> String {
        [device.shortID, device.name, device.holder.map { "\($0) has it" } ?? device.state.rawValue]
            .joined(separator: "  ")
    }
}

extension PatchbayService {
    /// Changes a pool unless somebody else did since it was read; the answer has the effects.
    func edit(_ pool: API.Pool, _ draft: API.PoolDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        let preview = try await PoolChangePreview(of: draft, replacing: pool, self)
        return preview.added(
            to: try await editPool(pool.name, draft, revision: pool.revision, dryRun: dryRun))
    }
}
