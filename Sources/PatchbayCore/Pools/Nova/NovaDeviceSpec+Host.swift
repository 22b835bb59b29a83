extension NovaDeviceSpec {
    /// What the entry asks for must be possible on the host it is written for.
    func check(on host: NovaHost) throws(NovaRefusal) {
        guard isRemoteManaged else { return }
        switch place {
        case .interface(let name):
            guard host.interfaces[name] != nil else {
                throw NovaRefusal(
                    .interfaceMissing, "The remote-managed interface \"\(name)\" is not on this host.")
            }
        case .address(let pattern):
            guard let address = pattern.single, let parent = host.parents[address] else { return }
            try check(address, parent)
        }
    }

    /// A physical function's address may stand for its virtual functions, never for itself: the ids have to say so.
    private func check(_ address: PCIAddress, _ parent: NovaHost.Parent) throws(NovaRefusal) {
        let isVendor = vendor == nil || vendor == parent.id.vendor
        if isVendor, let product, product == parent.virtualProduct { return }
        guard isVendor, product == nil || product == parent.id.device else {
            throw NovaRefusal(
                .malformed, "The ids are neither those of \(address) nor those of its virtual functions.")
        }
        throw NovaRefusal(
            .remoteManagedParent, "\(address) is a physical function, which cannot be remote-managed.")
    }

    /// Made once, asked of many devices. It cannot leave the task that made it.
    package func matcher(on host: NovaHost) -> NovaSpecMatcher { NovaSpecMatcher(self, on: host) }
}

/// A `device_spec` made ready to be asked of many devices of one host.
package struct NovaSpecMatcher {
    private let spec: NovaDeviceSpec
    private let address: NovaAddressPattern.Matcher?
    /// It names one physical function, and with it all its virtual ones.
    private let takesChildren: Bool

    init(_ spec: NovaDeviceSpec, on host: NovaHost) {
        self.spec = spec
        let pattern =
            switch spec.place {
            case .address(let pattern): Optional(pattern)
            case .interface(let name): host.interfaces[name].map(NovaAddressPattern.init)
            }
        address = pattern?.matcher()
        takesChildren = pattern?.single.map { host.parents[$0] != nil } ?? false
    }

    package func matches(_ device: NovaDevice) -> Bool {
        guard let address, spec.vendor == nil || spec.vendor == device.vendor,
            spec.product == nil || spec.product == device.product, device.isInRange
        else { return false }
        let isThere =
            address.matches(device.address) || takesChildren && device.parent.map { address.matches($0) } ?? false
        guard isThere else { return false }
        return !spec.isRemoteManaged || device.cardSerial?.isEmpty == false
    }
}

extension [NovaDeviceSpec] {
    /// For each device the index of the first entry that matches it; nil: none does.
    package func firstMatches(_ devices: [NovaDevice], on host: NovaHost) -> [Int?] {
        let matchers = map { $0.matcher(on: host) }
        return devices.map { device in matchers.firstIndex { $0.matches(device) } }
    }
}
