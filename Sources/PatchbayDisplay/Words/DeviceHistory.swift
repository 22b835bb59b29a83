import PatchbayAPI
import PatchbayCore

/// Which events of a server are about one device: by what an event names as its subject, never by what its sentence
/// happens to hold. `atlas/41:00.0` is also a part of `big-atlas/41:00.0`.
package struct DeviceHistory: Sendable {
    private let names: Set<String>
    private let subjects: Set<String>
    /// What happens to the VM that has it is written down about the VM: since when, in milliseconds since
    /// 1970-01-01T00:00:00Z, by subject.
    private let vms: [String: Int]

    /// - Parameters:
    ///   - plans: those of its host; the ones with steps for it are part of its history.
    ///   - claims: the one that has it is, too.
    package init(of device: API.Device, plans: [API.Plan], claims: [API.Claim]) {
        let names: Set = [device.id, device.shortID]
        let moving = plans.filter { !names.isDisjoint(with: $0.devices ?? []) }.map { "plan \($0.id)" }
        let holding = claims.filter { !names.isDisjoint(with: $0.devices.map(\.device)) }
        self.names = names
        subjects = Set(moving + holding.map { "claim \($0.id)" })
        vms = Dictionary(
            holding.filter { $0.owner.kind == .vm }.map { ("vm \($0.owner.name)", $0.createdAt) },
            uniquingKeysWith: min)
    }

    package func concerns(_ event: API.Event) -> Bool {
        if let start = vms[event.subject] { return event.at.map { $0 >= start } ?? true }
        return subjects.contains(event.subject) || Self.devices(in: event.subject).contains(where: names.contains)
    }

    /// `device atlas/41:00.0, atlas/42:00.0` is about two.
    private static func devices(in subject: String) -> [String] {
        let kind = "device "
        guard subject.hasPrefix(kind) else { return [] }
        return subject.dropFirst(kind.count).split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
}
