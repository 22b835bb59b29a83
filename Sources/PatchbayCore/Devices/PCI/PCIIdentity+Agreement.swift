extension PCIIdentity {
    /// Whether serials say that two are the same device.
    enum Agreement: Hashable {
        case same
        case different
        /// Neither has a kind of serial that the other has.
        case unknown
    }

    /// A single kind that differs makes them different: makers give the same number to a whole series more often than a
    /// device changes its number.
    func agreement(with other: PCIIdentity) -> Agreement {
        var agreement = Agreement.unknown
        for kind in DeviceSerial.Kind.allCases {
            let ours = values(of: kind)
            let theirs = other.values(of: kind)
            if ours.isEmpty || theirs.isEmpty { continue }
            if ours.isDisjoint(with: theirs) { return .different }
            agreement = .same
        }
        return agreement
    }

    /// Its serials leave no doubt, wherever it is: functions of one card often share the card's number, so that the
    /// part of the card has to be the same as well, unless the number is the function's own.
    func provesToBe(_ other: PCIIdentity) -> Bool {
        guard agreement(with: other) == .same else { return false }
        let hasOwnNumber = DeviceSerial.Kind.allCases.contains { kind in
            kind.isOfFunction && !values(of: kind).isDisjoint(with: other.values(of: kind))
        }
        let isVirtual = topologyPath.contains("/vf") || other.topologyPath.contains("/vf")
        return isSamePart(as: other) || hasOwnNumber && !isVirtual
    }

    /// The same function of a card, as far as places are known.
    func isSamePart(as other: PCIIdentity) -> Bool {
        topologyPath.isEmpty || other.topologyPath.isEmpty || part == other.part
    }

    /// Kinds of serials that both have and that differ: ours, then theirs.
    func disagreements(with other: PCIIdentity) -> [(kind: DeviceSerial.Kind, ours: String, theirs: String)] {
        DeviceSerial.Kind.allCases.compactMap { kind in
            let ours = values(of: kind)
            let theirs = other.values(of: kind)
            guard !ours.isEmpty, !theirs.isEmpty, ours.isDisjoint(with: theirs) else { return nil }
            return (kind, ours.sorted().joined(separator: ", "), theirs.sorted().joined(separator: ", "))
        }
    }

    private func values(of kind: DeviceSerial.Kind) -> Set<String> {
        Set(serials.filter { $0.kind == kind && $0.isTelling }.map(\.value))
    }
}
