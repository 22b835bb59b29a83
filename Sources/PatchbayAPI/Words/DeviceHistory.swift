/// Which events of a server are about one device: by what an event names as its subject, never by what its sentence
/// happens to hold. `atlas/41:00.0` is also a part of `big-atlas/41:00.0`.
package struct DeviceHistory: Sendable {
    private let names: Set<String>
    private let subjects: Set<String>

    /// - Parameters:
    ///   - plans: those of its host; the ones with steps for it are part of its history.
    ///   - claims: the one that has it is, too.
    package init(of device: API.Device, plans: [API.Plan], claims: [API.Claim]) {
        let names: Set = [device.id, device.shortID]
        let moving = plans.filter { !names.isDisjoint(with: $0.devices ?? []) }.map { "plan \($0.id)" }
        let holding = claims.filter { !names.isDisjoint(with: $0.devices.map(\.device)) }.map { "claim \($0.id)" }
        self.names = names
        subjects = Set(moving + holding)
    }

    package func concerns(_ event: API.Event) -> Bool {
        subjects.contains(event.subject) || Self.devices(in: event.subject).contains(where: names.contains)
    }

    /// `device atlas/41:00.0, atlas/42:00.0` is about two.
    private static func devices(in subject: String) -> [String] {
        let kind = "device "
        guard subject.hasPrefix(kind) else { return [] }
        return subject.dropFirst(kind.count).split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
}
