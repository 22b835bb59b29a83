/// Addresses at which there is not, or not surely, the device that was lent or bound there: what is known of that one
/// must not be believed of the other.
///
/// Derived each time from what the bindings and allocations remember, so nothing has to be kept in step.
struct Strangers: Sendable {
    private(set) var recognitions: [DeviceKey: Recognition] = [:]
    /// What they were recognised by.
    private let known: [DeviceKey: DeviceIdentity]

    /// - Parameter earlier: of the same inventory with another usage; what did not change is not recognised again.
    init(_ inventory: Inventory, _ usage: Usage, knowing earlier: Strangers? = nil) {
        known = usage.identities
        var recognizer: DeviceRecognizer?
        for (key, identity) in known {
            guard inventory.has(key) else { continue }
            if let earlier, earlier.known[key] == identity {
                recognitions[key] = earlier.recognitions[key]
                continue
            }
            let made = recognizer ?? DeviceRecognizer(inventory)
            recognizer = made
            let recognition = made.recognise(identity, at: key)
            if recognition != .same(key) { recognitions[key] = recognition }
        }
    }

    /// The first among the device and what goes along with it.
    func obstacle(to device: some Device, in inventory: Inventory) -> Obstacle? {
        guard !recognitions.isEmpty else { return nil }
        let unit = device.unit(in: inventory)
        for key in [device.key] + unit.companions + unit.bridges.map(\.key) {
            if let recognition = recognitions[key] { return .stranger(key, recognition) }
        }
        return nil
    }
}

extension Usage {
    /// What is remembered of devices that are lent or bound, by the key they have, or had.
    package var identities: [DeviceKey: DeviceIdentity] {
        var identities = bindings.compactMapValues(\.identity)
        for (device, allocation) in allocations {
            if let identity = allocation.identity { identities[device] = identity }
        }
        for (device, quarantine) in quarantines where identities[device] == nil {
            identities[device] = quarantine.identity
        }
        return identities
    }
}

extension HostView {
    /// `device-moved` for what was followed, `device-changed` for what is held until a person has looked.
    package var recognitionFindings: [Finding] {
        let host = inventory.host.name
        let moved = usage.bindings.sorted { $0.key < $1.key }.compactMap { device, binding in
            binding.movedFrom.map { old in
                Finding(
                    "device-moved", .note, subject: "\(host)/\(device)",
                    "The device that was at \(old) is at \(device) now; its claims and rules follow it.")
            }
        }
        let changed = index.strangers.recognitions.sorted { $0.key < $1.key }.map { device, recognition in
            Finding(
                "device-changed", .problem, subject: "\(host)/\(device)",
                "\(device): \(recognition.words.joined(separator: " "))", next: recognition.next(at: device, on: host)
            )
        }
        return moved + changed
    }
}

extension Recognition {
    /// What is not as it was, a sentence each.
    package var words: [String] {
        switch self {
        case .same: []
        case .moved(let key): ["The device that was here is at \(key) now."]
        case .changed(_, let differences): ["It is not the device that was here before."] + differences
        case .ambiguous(let keys):
            ["The device that was here may now be any of \(keys.map(\.description).joined(separator: ", "))."]
        case .gone: ["The device that was here is gone."]
        }
    }

    func next(at device: DeviceKey, on host: String) -> [NextStep] {
        [
            "Put the device back where it was.",
            NextStep("Or forget the earlier device", .releaseDevice(DeviceID(host: host, key: device).short)),
        ]
    }
}
