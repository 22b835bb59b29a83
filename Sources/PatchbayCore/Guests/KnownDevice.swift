/// A device that a VM asks for by name, or had at its last start: by what it is known again, and what shared its IOMMU
/// group then.
///
/// An address is only where a device is today. What a VM expects to find there stands here; `GuestPast` holds it against the
/// host as it is.
package struct KnownDevice: Hashable, Codable, Sendable {
    /// The request that it is, or was, for.
    package var request: String
    /// The pool it came from; nil: it is asked for by name.
    package var pool: String?
    /// Where it was last seen.
    package var device: DeviceKey
    package var identity: DeviceIdentity
    /// A disk, or a controller of disks: the guest wants to find again what it left there.
    package var keepsData: Bool
    /// The other members of its group at the last start, as `Inventory.mates(of:)` names them; nil: it has no group, or the VM
    /// has not been started with it.
    package var mates: [String]?
    /// Where it was before it was followed; nil: it has not moved since the last start.
    package var movedFrom: DeviceKey?

    package init(
        request: String, pool: String? = nil, device: DeviceKey, identity: DeviceIdentity, keepsData: Bool = false,
        mates: [String]? = nil, movedFrom: DeviceKey? = nil
    ) {
        self.request = request
        self.pool = pool
        self.device = device
        self.identity = identity
        self.keepsData = keepsData
        self.mates = mates
        self.movedFrom = movedFrom
    }
}

extension KnownDevice {
    /// One known device held against the host as it is.
    package struct Check: Hashable, Sendable {
        package var known: KnownDevice
        package var recognition: Recognition
        /// What is where it was last seen; nil: nothing.
        package var there: DeviceIdentity?
        /// Members that are new in its group, as people read them.
        package var joined: [String] = []
        /// Members that its group has lost, by the names that are kept.
        package var left: [String] = []

        /// It is asked for by name, and what is at its place is another device, or not surely the same.
        package var isStranger: Bool {
            known.pool == nil && there != nil && recognition != .same(known.device)
        }

        package var isGroupChanged: Bool { !joined.isEmpty || !left.isEmpty }
    }
}

extension Inventory {
    /// Recognises the devices and compares their groups with what they were.
    package func check(_ known: [KnownDevice]) -> [KnownDevice.Check] {
        var recognizer: DeviceRecognizer?
        return known.map { device in
            let there = identity(of: device.device)
            var recognition = Recognition.same(device.device)
            if there != device.identity {
                let made = recognizer ?? DeviceRecognizer(self)
                recognizer = made
                recognition = made.recognise(device.identity, at: device.device)
            }
            var check = KnownDevice.Check(known: device, recognition: recognition, there: there)
            if let before = device.mates, let key = recognition.key, let now = mates(of: key) {
                check.joined = now.filter { !before.contains($0.name) }.map { words(for: $0.address) }
                check.left = before.filter { name in !now.contains { $0.name == name } }
            }
            return check
        }
    }

    /// The other members of its IOMMU group, bridges left out: those stay with the host whatever happens. Named by model and
    /// place, functions of its own card by their number, so that a name is the same after a boot and in another slot.
    /// Sorted; nil: it has no group.
    package func mates(of key: DeviceKey) -> [(name: String, address: PCIAddress)]? {
        guard let function = key.pci.flatMap({ self[$0] }), let group = function.iommuGroup.flatMap({ self.group($0) })
        else { return nil }
        let slot = function.topologyPath.slotOfFunction
        let mates = group.members.filter { $0 != function.address && self[$0]?.isBridge != true }
        return mates.map { address in
            guard let identity = self[address].map({ identity(of: $0) }) else { return ("\(address)", address) }
            let place = identity.topologyPath
            let isOfCard = slot != nil && place.slotOfFunction == slot
            let where_ =
                isOfCard ? "function \(place.suffix(1)) of its card" : "at \(place.isEmpty ? "\(address)" : place)"
            return ("\(identity.id) \(where_)", address)
        }.sorted { $0.name < $1.name }
    }

    /// `0000:c1:00.1 HD Audio`
    private func words(for address: PCIAddress) -> String { "\(address) \(self[address]?.name ?? "")" }
}

extension String {
    /// Of the place of a function, all but its number: `pci0000:00/02.0/00` of `pci0000:00/02.0/00.1`. nil: it is the place of a
    /// virtual function, or of nothing.
    fileprivate var slotOfFunction: Substring? {
        guard let dot = lastIndex(of: "."), index(dot, offsetBy: 2, limitedBy: endIndex) == endIndex else { return nil }
        return prefix(upTo: dot)
    }
}

extension VM {
    /// Forgets devices of requests that it has no more.
    package mutating func forgetUnasked() {
        known = known.filter { device in requests.contains { $0.name == device.request && $0.pool == device.pool } }
    }

    /// What it knows of the device that a request of its own names.
    package func known(by request: Request) -> KnownDevice? {
        known.first { $0.request == request.name && $0.pool == request.pool }
    }
}

extension Request {
    /// nil: it asks for one device.
    package var pool: String? { if case .pool(let pool) = target { pool } else { nil } }
}
