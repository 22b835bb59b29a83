import PatchbayAPI
import PatchbayCore

/// What would become of one claim or VM, why, and what would help.
struct ImpactLine: Sendable, Hashable {
    /// Devices that are named in a line.
    static let mostDevices = 4

    let id: String
    let mark: ImpactMark
    let owner: String
    /// The VM, or the claim; nil: it has no page.
    let ownerLink: String?
    /// Where it is, and where it would be.
    let place: String
    let devices: [Anchor]
    let hasDevices: Bool
    let moreDevices: String
    let reason: String
    /// The first thing that would help.
    let fix: FixLine?
    let others: [FixLine]
    let othersTitle: String

    init(_ impact: API.Impact, _ position: Int, now: Int) {
        self.id = "impact-\(position)"
        self.mark = ImpactMark(impact.kind)
        self.owner = impact.owner.words
        self.ownerLink = impact.owner.kind == .vm ? Link.vm(impact.owner.name) : impact.claim.map { Link.claim($0) }
        self.place = Self.place(of: impact)
        let primaries = impact.devices.filter { !$0.isCompanion }
        self.devices = primaries.prefix(Self.mostDevices).map {
            let id = DeviceName($0.device)
            return Anchor(text: id.address, href: id.href)
        }
        self.hasDevices = !primaries.isEmpty
        let rest = primaries.count - devices.count
        self.moreDevices = rest > 0 ? "and \(rest) more" : ""
        self.reason = impact.reason?.sentence ?? ""
        let fixes = impact.fixes.map { FixLine($0, now: now) }
        self.fix = fixes.first
        self.others = Array(fixes.dropFirst())
        self.othersTitle = others.isEmpty ? "" : "\(others.count) more way\(others.count == 1 ? "" : "s")"
    }

    private static func place(of impact: API.Impact) -> String {
        let here = impact.host ?? "its host"
        let there = impact.newHost ?? "another host"
        return switch impact.kind {
        case .lost: impact.host.map { "is on \($0) now" } ?? "is not placed now"
        case .stuckAtRestart, .changesAtRestart: "keeps its devices on \(here) until it stops"
        case .stuck, .startable: "is off, on \(here)"
        case .moves: "from \(here) to \(there)"
        case .restarts: "stays on \(here)"
        case .served: "waits now; would be on \(there)"
        }
    }
}
