extension Inventory {
    /// The inventory as it should be once `step` has been performed: driver links and overrides. Steps of VMs leave it
    /// as it is. The simulator of a plan.
    package func after(_ step: Step) -> Inventory {
        var inventory = self
        inventory.simulate(step)
        return inventory
    }

    /// The inventory as it should be once all of `steps` have been performed.
    package func after(_ steps: some Sequence<Step>) -> Inventory {
        var inventory = self
        for step in steps { inventory.simulate(step) }
        return inventory
    }

    mutating func simulate(_ step: Step) {
        switch step {
        case .loadModule(let module):
            if module == PCIFunction.vfioDriver { readiness.vfioLoaded = true }
        case .unbind(let address, _): change(address) { $0.driver = nil }
        case .setOverride(let address, _, let override): change(address) { $0.driverOverride = override }
        case .probe(let address, let driver):
            change(address) { $0.driver = driver }
            // What lies on a device that is on VFIO nobody on the host sees.
            if let driver, PCIFunction.isVFIO(driver) { forgetData(on: [address.key]) }
        case .unbindInterface(let interface, _): change(interface) { $0.driver = nil }
        case .bindInterface(let interface, let driver): change(interface) { $0.driver = driver }
        case .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM, .stopVM:
            break
        }
    }

    private mutating func change(_ interface: USBInterfaceAddress, _ body: (inout USBInterface) -> Void) {
        guard let index = index(of: interface.device),
            let number = usb[index].interfaces.firstIndex(where: { $0.number == interface.number })
        else { return }
        body(&usb[index].interfaces[number])
    }

    private mutating func change(_ address: PCIAddress, _ body: (inout PCIFunction) -> Void) {
        if let index = index(of: address) { body(&functions[index]) }
    }

    /// Whether what a step expects holds now; nil: it does. Asked before each write.
    ///
    /// `.planNotCurrent` with what was expected and what is, `.unknownDevice` when the function is gone, `.noVFIO`.
    package func expects(_ step: Step) -> Problem? {
        switch step {
        case .loadModule(let module):
            guard module == PCIFunction.vfioDriver, !readiness.vfioLoaded, readiness.vfioAvailable == false else {
                return nil
            }
            return Problem(
                .noVFIO, "The host has no \(module) driver.", evidence: ["\(module) is not loaded and not available"],
                next: [NextStep("Install the module of the running kernel, then", .refreshHost(host.name))])
        case .unbind(let address, let driver):
            return expect(address, "driver", driver, \.driver)
        case .setOverride(let address, let override, _):
            return expect(address, "driver_override", override, \.driverOverride)
        case .probe(let address, let driver): return expectsProbe(address, driver)
        case .unbindInterface(let interface, let driver): return expect(interface, [driver])
        case .bindInterface(let interface, let driver): return expect(interface, [nil, driver])
        case .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM, .resetVM, .stopVM:
            return nil
        }
    }

    /// A function that is bound already is as good when it is bound to the right driver: the kernel then changes nothing.
    private func expectsProbe(_ address: PCIAddress, _ driver: String?) -> Problem? {
        guard let function = self[address] else { return gone(address.key) }
        if let bound = function.driver { return bound == driver ? nil : expect(address, "driver", driver, \.driver) }
        guard let driver, let override = function.driverOverride, override != driver else { return nil }
        return expect(address, "driver_override", driver, \.driverOverride)
    }

    private func expect(
        _ address: PCIAddress, _ attribute: String, _ expected: String?, _ actual: (PCIFunction) -> String?
    ) -> Problem? {
        guard let function = self[address] else { return gone(address.key) }
        guard actual(function) != expected else { return nil }
        return changed(
            address.key, "\(attribute) of \(address) is \(actual(function) ?? "none"), expected \(expected ?? "none")")
    }

    /// - Parameter drivers: those that the interface may be bound to; nil: to none.
    private func expect(_ interface: USBInterfaceAddress, _ drivers: [String?]) -> Problem? {
        guard let device = self[interface.device] else { return gone(.usb(interface.device)) }
        guard let present = device.interfaces.first(where: { $0.number == interface.number }),
            present.configuration == interface.configuration
        else {
            return changed(device.key, "\(device.address) no longer has interface \(interface)")
        }
        guard !drivers.contains(present.driver) else { return nil }
        return changed(
            device.key,
            "driver of \(interface) is \(present.driver ?? "none"), expected \((drivers.last ?? nil) ?? "none")")
    }

    private func changed(_ device: DeviceKey, _ evidence: String) -> Problem {
        Problem(
            .planNotCurrent, "Device \(DeviceID(host: host.name, key: device).short) changed after the plan was made.",
            evidence: [evidence], next: ["Make the plan again."])
    }

    private func gone(_ device: DeviceKey) -> Problem {
        Obstacle.unknown(device).problem(
            handingOver: DeviceUnit(primary: device, companions: [], bridges: []), in: self)
    }
}
