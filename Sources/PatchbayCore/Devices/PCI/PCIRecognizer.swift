/// Finds PCI functions again after a boot or a hotplug. Made once for an inventory.
///
/// A serial wins over a place, a place over a model, and an address alone says nothing. What nothing proves is never
/// followed: a person decides.
struct PCIRecognizer: Sendable {
    private struct Candidate: Sendable {
        var address: PCIAddress
        var identity: PCIIdentity
        /// Its whole config space was read: a device serial number that it has is known, whatever its driver.
        var showsNumber: Bool

        var key: DeviceKey { address.key }

        func agreement(with known: PCIIdentity) -> PCIIdentity.Agreement {
            let agreement = identity.agreement(with: known)
            return agreement == .unknown && lostNumber(of: known) != nil ? .different : agreement
        }

        /// Nothing speaks against it.
        func mayBe(_ known: PCIIdentity) -> Bool {
            identity.isSamePart(as: known) && agreement(with: known) != .different
        }

        /// The number that the device had and that this one would show if it were the device.
        func lostNumber(of known: PCIIdentity) -> String? {
            guard showsNumber, !identity.tellingSerials.contains(where: { $0.kind == .dsn }) else { return nil }
            return known.tellingSerials.first { $0.kind == .dsn }?.value
        }
    }

    private let byModel: [PCIID: [Candidate]]
    /// By each serial that tells devices apart: who proves to be a device is among those that share one with it.
    private let bySerial: [DeviceSerial: [Candidate]]
    /// Several only where a tree shows less than there is.
    private let byPlace: [String: [Candidate]]
    /// What was at a place before.
    private let before: [String: PCIIdentity]?

    /// - Parameter earlier: what the host was like when the devices were known. Without it nobody can tell whether a
    ///   device of the same model has always been where it is now.
    init(_ inventory: Inventory, before earlier: Inventory? = nil) {
        var byModel: [PCIID: [Candidate]] = [:]
        var byPlace: [String: [Candidate]] = [:]
        var bySerial: [DeviceSerial: [Candidate]] = [:]
        for function in inventory.functions {
            let candidate = Candidate(
                address: function.address, identity: inventory.identity(of: function),
                showsNumber: function.details?.capabilities?.extended != nil)
            byModel[function.id, default: []].append(candidate)
            for serial in Set(candidate.identity.tellingSerials) { bySerial[serial, default: []].append(candidate) }
            if !candidate.identity.topologyPath.isEmpty {
                byPlace[candidate.identity.topologyPath, default: []].append(candidate)
            }
        }
        self.byModel = byModel
        self.byPlace = byPlace
        self.bySerial = bySerial
        before = earlier.map { earlier in
            let identities = earlier.functions.map { earlier.identity(of: $0) }
            return Dictionary(identities.map { ($0.topologyPath, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// A device that is where it was, or that a serial leads to, is found without looking at the others of its model.
    ///
    /// - Parameter address: where it was; nil: not known. Only says whether it has another address now.
    func recognise(_ identity: PCIIdentity, at address: PCIAddress?) -> Recognition {
        let here = byPlace[identity.topologyPath] ?? []
        let place = here.first { $0.address == address } ?? here.first
        let match = place.flatMap { $0.identity.isOfSameModel(as: identity) ? $0.agreement(with: identity) : nil }
        if let place, match == .same { return found(place, at: address) }
        let proven = proven(to: identity, besides: place)
        if let place, match == .unknown, proven.isEmpty { return found(place, at: address) }
        switch proven.count {
        case 0: break
        case 1: return identity.topologyPath.isEmpty ? found(proven[0], at: address) : .moved(proven[0].key)
        default: return .ambiguous(proven.map(\.key))
        }
        let elsewhere = others(like: identity, than: place).filter { agreementBefore($0) == .different }
        guard let place else { return withoutProof(identity, elsewhere, at: address) }
        return .changed(place.key, differences: differences(identity, place, elsewhere))
    }

    private func found(_ candidate: Candidate, at address: PCIAddress?) -> Recognition {
        address == nil || address == candidate.address ? .same(candidate.key) : .moved(candidate.key)
    }

    /// Those whose serials leave no doubt, by address.
    private func proven(to identity: PCIIdentity, besides place: Candidate?) -> [Candidate] {
        var seen: Set<PCIAddress> = []
        return identity.tellingSerials.flatMap { bySerial[$0] ?? [] }.filter {
            $0.address != place?.address && $0.identity.isOfSameModel(as: identity)
                && seen.insert($0.address).inserted && $0.identity.provesToBe(identity) && agreementBefore($0) != .same
        }.sorted { $0.address < $1.address }
    }

    private func others(like identity: PCIIdentity, than place: Candidate?) -> [Candidate] {
        (byModel[identity.id] ?? []).filter {
            $0.address != place?.address && $0.identity.isOfSameModel(as: identity)
        }
    }

    /// Whether a device has been where it is all the time. Without an earlier inventory nothing speaks against it being
    /// new there; nor where places are not known.
    private func agreementBefore(_ candidate: Candidate) -> PCIIdentity.Agreement {
        guard !candidate.identity.topologyPath.isEmpty,
            let earlier = before?[candidate.identity.topologyPath],
            earlier.isOfSameModel(as: candidate.identity)
        else { return .different }
        return candidate.agreement(with: earlier)
    }

    /// Its place is empty, and no serial says where it is.
    private func withoutProof(
        _ identity: PCIIdentity, _ elsewhere: [Candidate], at address: PCIAddress?
    ) -> Recognition {
        let possible = elsewhere.filter { $0.mayBe(identity) }
        guard let only = possible.first else { return .gone }
        guard possible.count == 1, identity.tellingSerials.isEmpty else {
            return .ambiguous(possible.map(\.key))
        }
        if identity.topologyPath.isEmpty, only.address == address { return .same(only.key) }
        return before == nil || identity.topologyPath.isEmpty ? .ambiguous([only.key]) : .moved(only.key)
    }

    private func differences(
        _ identity: PCIIdentity, _ place: Candidate, _ elsewhere: [Candidate]
    ) -> [String] {
        var lines: [String] = []
        if place.identity.id != identity.id {
            lines.append("The model was \(identity.id) and is now \(place.identity.id).")
        }
        if place.identity.subsystem != identity.subsystem {
            let was = identity.subsystem?.description ?? "none"
            lines.append("The subsystem was \(was) and is now \(place.identity.subsystem?.description ?? "none").")
        }
        if let number = place.lostNumber(of: identity) {
            lines.append("The \(DeviceSerial.Kind.dsn.words) was \(number) and is now missing.")
        }
        for (kind, was, now) in identity.disagreements(with: place.identity) {
            lines.append("The \(kind.words) was \(was) and is now \(now).")
        }
        let alike = elsewhere.filter { $0.mayBe(identity) }
        return lines + alike.map { "A device of the same model is at \($0.address)." }
    }
}
