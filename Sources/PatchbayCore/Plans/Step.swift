/// One write to the kernel, or one call to the hypervisor. It carries the state it expects and knows its way back.
///
/// Order inside a hand-over: unbind, override, probe; undone one by one in reverse, that order works too.
package enum Step: Hashable, Codable, Sendable {
    /// `modprobe`; loading a module is never taken back.
    case loadModule(String)
    /// Write to `drivers/<driver>/unbind`. Can block for ever: the runner does it in a helper process with a deadline.
    case unbind(PCIAddress, from: String)
    /// Write to `driver_override`; nil clears it.
    case setOverride(PCIAddress, from: String?, to: String?)
    /// Write to `drivers_probe`, then read the driver link back. `to` nil: it must end driverless.
    case probe(PCIAddress, to: String?)
    /// Write to `drivers/<driver>/unbind` of the USB bus. Can block like that of PCI.
    case unbindInterface(USBInterfaceAddress, from: String)
    /// Write to `drivers/<driver>/bind` of the USB bus, then read the driver link back.
    case bindInterface(USBInterfaceAddress, to: String)
    case defineVM(GuestSpec)
    case undefineVM(GuestSpec)
    /// Adds host devices to the persistent definition of a VM, all at once; everything else in it stays. `guestReset`: of
    /// those of which something is said, here and where they are taken out, for the way back.
    case plug(vm: String, devices: [DeviceKey], guestReset: [DeviceKey: GuestReset]? = nil)
    case unplug(vm: String, devices: [DeviceKey], guestReset: [DeviceKey: GuestReset]? = nil)
    /// Plugs a host device into a running VM; its definition is another step.
    case attach(vm: String, device: DeviceKey, guestReset: GuestReset? = nil)
    /// Pulls it out of the running VM. A device that is not plugged in any more on the host goes as well.
    case detach(vm: String, device: DeviceKey, guestReset: GuestReset? = nil)
    /// Ties a managed VM's CPUs and memory to the host's, for the next start. `devices`: which of its host devices are near
    /// each of its cells, so that the guest sees it too; empty where it has one cell.
    case seat(vm: String, GuestSeat, devices: [[PCIAddress]])
    /// Lets it float again.
    case unseat(vm: String)
    case startVM(String)
    /// Presses the reset button: the guest loses what it had not written.
    case resetVM(String)
    /// Asks the guest to power off and waits; fails when it still runs then. `force`: it is ended at once instead.
    case stopVM(String, timeoutSeconds: Int, force: Bool)
}

/// How a step is taken back.
package enum WayBack: Hashable, Sendable {
    case by(Step)
    case notNeeded
    /// The plan says so before it runs.
    case impossible
}

extension Step {
    package var wayBack: WayBack {
        switch self {
        case .loadModule: .notNeeded
        case .unbind(let address, let driver): .by(.probe(address, to: driver))
        case .setOverride(let address, let old, let new): .by(.setOverride(address, from: new, to: old))
        case .probe(let address, let driver?): .by(.unbind(address, from: driver))
        case .probe(_, nil): .notNeeded
        case .unbindInterface(let interface, let driver): .by(.bindInterface(interface, to: driver))
        case .bindInterface(let interface, let driver): .by(.unbindInterface(interface, from: driver))
        case .defineVM(let spec): .by(.undefineVM(spec))
        case .undefineVM(let spec): .by(.defineVM(spec))
        case .plug(let vm, let devices, let reset): .by(.unplug(vm: vm, devices: devices, guestReset: reset))
        case .unplug(let vm, let devices, let reset): .by(.plug(vm: vm, devices: devices, guestReset: reset))
        case .attach(let vm, let device, let reset): .by(.detach(vm: vm, device: device, guestReset: reset))
        case .detach(let vm, let device, let reset): .by(.attach(vm: vm, device: device, guestReset: reset))
        case .seat(let vm, _, _): .by(.unseat(vm: vm))
        case .unseat: .notNeeded
        case .resetVM: .impossible
        case .startVM(let vm): .by(.stopVM(vm, timeoutSeconds: 0, force: true))
        case .stopVM(let vm, _, _): .by(.startVM(vm))
        }
    }

    /// One word, the same in CLI, API and web.
    package var verb: String {
        switch self {
        case .loadModule: "load"
        case .unbind, .unbindInterface: "unbind"
        case .setOverride: "override"
        case .probe: "probe"
        case .bindInterface: "bind"
        case .defineVM: "define"
        case .undefineVM: "undefine"
        case .plug: "plug"
        case .unplug: "unplug"
        case .attach: "attach"
        case .detach: "detach"
        case .seat: "pin"
        case .unseat: "unpin"
        case .startVM: "start"
        case .resetVM: "reset"
        case .stopVM: "stop"
        }
    }

    /// What the verb acts on.
    package var object: String {
        switch self {
        case .loadModule(let module): module
        case .unbind(let address, _), .setOverride(let address, _, _), .probe(let address, _): address.short
        case .unbindInterface(let interface, _), .bindInterface(let interface, _): interface.description
        case .defineVM(let spec), .undefineVM(let spec): spec.name
        case .plug(let vm, _, _), .unplug(let vm, _, _), .attach(let vm, _, _), .detach(let vm, _, _),
            .seat(let vm, _, _),
            .unseat(let vm), .startVM(let vm), .resetVM(let vm), .stopVM(let vm, _, _):
            vm
        }
    }

    /// The rest of the sentence.
    package var remark: String {
        switch self {
        case .loadModule: "if it is not loaded yet"
        case .unbind(_, let driver), .unbindInterface(_, let driver): "from \(driver)"
        case .bindInterface(_, let driver): "→ \(driver)"
        case .setOverride(_, let old, let new): "\(old ?? "(none)") → \(new ?? "(none)")"
        case .probe(_, let driver): "→ \(driver ?? "no driver")"
        case .defineVM(let spec): "\(spec.vcpus) vCPU, \(spec.memoryMiB) MiB"
        case .undefineVM: ""
        case .plug(_, let devices, _): "with \(devices.map(\.short).joined(separator: ", "))"
        case .unplug(_, let devices, _): "without \(devices.map(\.short).joined(separator: ", "))"
        case .attach(_, let device, _): "\(device.short), while it runs"
        case .detach(_, let device, _): "\(device.short), while it runs"
        case .seat(_, let seat, _): "on \(seat.words)"
        case .unseat: "on any CPUs and memory"
        case .startVM: ""
        case .resetVM: "at once, without asking"
        case .stopVM(_, let seconds, let force): force ? "at once, by force" : "within \(seconds) s"
        }
    }
}
