import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// How claims are listed.
enum ClaimListing {
    static func make(now: Int) -> Listing<API.Claim> {
        Listing(
            columns: [
                Column("claim") { Cell($0.id) },
                Column("owner", shrinks: true) { Cell(ClaimWords.owner($0.owner)) },
                Column("tenant", isWide: true) { Cell($0.owner.tenant) },
                Column("phase", values: PatchbayCore.Claim.Phase.allCases.map(\.rawValue)) {
                    Cell($0.phase.rawValue, $0.phase.mark.colour)
                },
                Column("host") { Cell($0.host) },
                Column("wants", shrinks: true) { Cell($0.requests.map(\.asked).joined(separator: ", ")) },
                Column("devices", shrinks: true) { Cell($0.devices.isEmpty ? nil : ClaimWords.addresses($0.devices)) },
                Column("priority", .right, isWide: true) { Cell($0.priority) },
                Column("since", isWide: true, settled: { _ in "" }) { Cell(TimeWords.ago($0.createdAt, now: now)) },
                Column("note", shrinks: true, settled: { $0.position.map(String.init) ?? "" }) {
                    Cell(ClaimWords.note($0, now: now) ?? "")
                },
            ],
            mark: { $0.mark },
            name: { $0.id },
            empty: [
                "No claims.",
                "next  See what fits now:  patchbay claim explain --pool POOL",
            ])
    }
}

extension PatchbayCore.Claim.Phase {
    var mark: Mark {
        switch self {
        case .pending: .running
        case .allocated: DeviceState.allocated.mark
        case .attached: DeviceState.attached.mark
        case .releasing: .takenBack
        }
    }
}

extension API.Claim {
    var mark: Mark { findings.contains { $0.severity > .note } ? .attention : phase.mark }
}
