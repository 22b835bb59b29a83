import PatchbayCore

extension API.DeviceDetails {
    /// Everything that an inventory says about one function beyond what lists show.
    init(
        of function: PCIFunction, in inventory: Inventory, bridges: [PCIAddress], isolation: GroupIsolation?,
        mediated: PatchbayCore.MediatedParent?
    ) {
        let details = function.details
        let survey = inventory.survey
        self.init(
            identity: API.Identity(function, in: inventory), isolation: isolation.map(API.Isolation.init),
            capabilities: details?.capabilities.map(API.Capabilities.init), link: details?.link.map(API.Link.init),
            powerState: details?.powerState, slot: details?.slot.map(API.Slot.init),
            rom: details?.rom.map(API.OptionROM.init), errors: details?.errors.map(API.ErrorCounts.init),
            isSilent: details?.isSilent,
            holders: survey.map { ($0.holders[function.key] ?? []).map(API.Holder.init) },
            mediated: mediated.map { API.MediatedParent($0, host: inventory.host.name) },
            path: bridges.map(\.description))
    }
}

extension API.Identity {
    package init(_ function: PCIFunction, in inventory: Inventory) {
        let identity = inventory.identity(of: function)
        self.init(
            topologyPath: identity.topologyPath, id: identity.id.description,
            subsystem: identity.subsystem?.description,
            serials: identity.serials.map { API.Serial(kind: $0.kind.rawValue, value: $0.value) },
            recognisedBy: identity.words)
    }
}

extension API.Slot {
    package init(_ slot: PhysicalSlot) { self.init(name: slot.name, label: slot.label, index: slot.index) }
}

extension API.OptionROM {
    package init(_ rom: PatchbayCore.OptionROM) {
        self.init(
            codeTypes: rom.codeTypes.map(Int.init), hasUEFI: rom.hasUEFI, isSound: rom.isSound, isShadow: rom.isShadow)
    }
}

extension API.ErrorCounts {
    package init(_ counts: PatchbayCore.ErrorCounts) {
        self.init(correctable: counts.correctable, nonfatal: counts.nonfatal, fatal: counts.fatal)
    }
}

extension API.Holder {
    package init(_ holder: DeviceHolder) {
        self.init(
            pid: holder.pid, command: holder.command, node: holder.node, unit: holder.unit,
            container: holder.container, recipe: holder.recipe)
    }
}

extension API.Link {
    /// Hundredths of GT/s become MT/s.
    package init(_ link: PCILink) {
        func reaches(_ value: Int?, _ own: Int?, _ above: Int?) -> Bool {
            guard let value, let most = [own, above].compactMap({ $0 }).min() else { return true }
            return value >= most
        }
        self.init(
            speedMTs: link.speed.map { $0.times(10) }, width: link.width,
            maxSpeedMTs: link.maxSpeed.map { $0.times(10) },
            maxWidth: link.maxWidth, upstreamMaxSpeedMTs: link.upstreamMaxSpeed.map { $0.times(10) },
            upstreamMaxWidth: link.upstreamMaxWidth,
            isNarrow: !reaches(link.width, link.maxWidth, link.upstreamMaxWidth),
            isSlow: !reaches(link.speed, link.maxSpeed, link.upstreamMaxSpeed),
            bottleneck: link.bottleneck.map(API.Bottleneck.init))
    }
}

extension API.Bottleneck {
    init(_ link: PCILink.Bottleneck) {
        self.init(
            port: link.port.description, speedMTs: link.speed.map { $0.times(10) }, width: link.width,
            maxSpeedMTs: link.maxSpeed.map { $0.times(10) }, maxWidth: link.maxWidth)
    }
}
