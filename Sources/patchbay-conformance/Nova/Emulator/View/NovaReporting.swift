import PatchbayCore

/// How a host tells OpenStack's placement of its devices: Nova's `[pci] report_in_placement` with all that belongs to it.
///
/// Source: OpenStack Nova, "PCI tracking in Placement", and what Nova 34 makes of it.
struct NovaReporting: Sendable {
    /// The host as its hypervisor calls it; providers are named after it.
    var host: String
    var specs: [NovaDeviceSpec]
    /// What the entries ask the host they are for.
    var facts: NovaHost
    /// Off unless somebody turns it on, for good.
    var isOn: Bool

    init(host: String, specs: [NovaDeviceSpec], facts: NovaHost = NovaHost(), isOn: Bool = false) {
        self.host = host
        self.specs = specs
        self.facts = facts
        self.isOn = isOn
    }

    /// What placement should know after the devices were looked at.
    ///
    /// Devices become providers, and what guests hold is written into their allocations where it is missing or wrong. That is
    /// called healing. Guests without any allocation are on their way to or from another host, and are left alone.
    ///
    /// - Parameters:
    ///   - known: what placement knows now.
    ///   - resizing: guests that change their size on this host, so that they hold devices twice; left alone, too.
    /// - Throws: `.unreportable`, `.dependentDevices`, `.mixedClasses`, `.mixedTraits`, `.stillAllocated`, `.malformed`
    func view(
        of devices: [NovaTrackedDevice], over known: NovaPlacement, leaving resizing: Set<String> = []
    ) throws(NovaRefusal) -> NovaView {
        guard isOn else {
            try checkNeverOn(known)
            return NovaView(placement: known, isHealed: false, warnings: [])
        }
        try checkPlaces()
        let grouped = try grouped(devices)
        try grouped.checkKept()
        var view = NovaView(placement: known, isHealed: false, warnings: grouped.warnings)
        view.placement.providers = try grouped.providers(over: known)
        for draft in grouped.drafts.values {
            view.heal(draft, kept: grouped.kept(with: draft, known), leaving: resizing)
        }
        return view
    }

    /// Whether placement may choose hosts by their devices: a host that does not report would never be chosen.
    ///
    /// Throws `.unreportable`, naming the hosts that have to be turned on first.
    static func checkScheduling(over hosts: [NovaReporting]) throws(NovaRefusal) {
        let silent = hosts.filter { !$0.isOn }.map(\.host).sorted()
        guard !silent.isEmpty else { return }
        throw NovaRefusal(
            .unreportable,
            "Placement cannot choose by devices yet: \(silent.joined(separator: ", ")) "
                + "\(silent.count == 1 ? "does" : "do") not report them.")
    }

    /// What was reported cannot be taken back: placement would go on to hand it out.
    private func checkNeverOn(_ known: NovaPlacement) throws(NovaRefusal) {
        guard let provider = known.providers.first(where: \.isManaged) else { return }
        throw NovaRefusal(
            .unreportable,
            "\(host) has reported its devices (\(provider.name) is known), and reporting cannot be turned off again.")
    }

    private func checkPlaces() throws(NovaRefusal) {
        for spec in specs {
            guard case .interface(let name) = spec.place else { continue }
            throw NovaRefusal(
                .unreportable,
                "A device_spec names the interface \"\(name)\", and that name can change at every boot: "
                    + "such devices cannot be reported.")
        }
    }

    private func grouped(_ devices: [NovaTrackedDevice]) throws(NovaRefusal) -> NovaDeviceGroups {
        var groups = NovaDeviceGroups()
        for (device, match) in zip(devices, specs.firstMatches(devices.map(\.device), on: facts)) {
            let name = "\(host)_\(device.root.description.uppercased())"
            guard let match else {
                groups.leave(device, of: name)
                continue
            }
            let tags = specs[match].tags
            // What is meant for the ports of a network is not counted by placement.
            guard tags["physical_network"] ?? .null == .null else { continue }
            try groups.add(device, try NovaDeviceTerms(device.device, tags), to: name)
        }
        return groups
    }
}
