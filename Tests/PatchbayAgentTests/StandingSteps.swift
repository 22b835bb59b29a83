import PatchbayCore
import Testing

/// What a host must look like when exactly these steps stand: told from the steps alone, not from how they were undone.
struct StandingSteps {
    private var drivers: [PCIAddress: String?] = [:]
    private var overrides: [PCIAddress: String?] = [:]
    private var interfaces: [USBInterfaceAddress: String?] = [:]
    private var devices: [String: Set<DeviceKey>] = [:]
    private var running: [String: Bool] = [:]
    private var seated: [String: Bool] = [:]
    private var defined: Set<String>
    private let touched: Set<DeviceKey>

    init(_ steps: [Step], on before: AgentWorld.Snapshot) {
        touched = Set(
            steps.compactMap { step -> DeviceKey? in
                switch step {
                case .unbind(let address, _), .setOverride(let address, _, _), .probe(let address, _): address.key
                case .unbindInterface(let interface, _), .bindInterface(let interface, _): .usb(interface.device)
                case .loadModule, .defineVM, .undefineVM, .plug, .unplug, .attach, .detach, .seat, .unseat, .startVM,
                    .resetVM, .stopVM:
                    nil
                }
            })
        defined = Set(before.domains.map(\.name))
        for function in before.inventory.functions {
            drivers[function.address] = .some(function.driver)
            overrides[function.address] = .some(function.driverOverride)
        }
        for (address, driver) in Self.interfaces(of: before.inventory) { interfaces[address] = .some(driver) }
        for domain in before.domains {
            devices[domain.name] = Set(domain.definedDevices)
            running[domain.name] = domain.state == .running
            seated[domain.name] = domain.isSeated
        }
        for step in steps { apply(step) }
    }

    private static func interfaces(of inventory: Inventory) -> [(USBInterfaceAddress, String?)] {
        inventory.usb.flatMap { device in
            device.interfaces.map { interface -> (USBInterfaceAddress, String?) in
                let address = USBInterfaceAddress(
                    device: device.address, configuration: interface.configuration, number: interface.number)
                return (address, interface.driver)
            }
        }
    }

    private mutating func apply(_ step: Step) {
        switch step {
        case .loadModule, .attach, .detach, .resetVM: return
        case .unbind(let address, _): drivers[address] = .some(nil)
        case .setOverride(let address, _, let new): overrides[address] = .some(new)
        case .probe(let address, let driver): drivers[address] = .some(driver)
        case .unbindInterface(let interface, _): interfaces[interface] = .some(nil)
        case .bindInterface(let interface, let driver): interfaces[interface] = .some(driver)
        case .defineVM(let spec): defined.insert(spec.name)
        case .undefineVM(let spec): defined.remove(spec.name)
        case .plug(let vm, let more, _): devices[vm, default: []].formUnion(more)
        case .unplug(let vm, let fewer, _): devices[vm, default: []].subtract(fewer)
        case .seat(let vm, _, _): seated[vm] = true
        case .unseat(let vm): seated[vm] = false
        case .startVM(let vm): running[vm] = true
        case .stopVM(let vm, _, _): running[vm] = false
        }
    }

    /// - Parameter hung: nothing is certain about a device whose write may still be under way.
    func expectMatch(_ after: AgentWorld.Snapshot, exceptHung hung: Bool, _ comment: String) {
        for function in after.inventory.functions where !(hung && touched.contains(function.key)) {
            #expect(drivers[function.address] == .some(function.driver), "driver of \(function.address): \(comment)")
            #expect(
                overrides[function.address] == .some(function.driverOverride),
                "override of \(function.address): \(comment)")
        }
        for (address, driver) in Self.interfaces(of: after.inventory)
        where !(hung && touched.contains(.usb(address.device))) {
            #expect(interfaces[address] == .some(driver), "driver of \(address): \(comment)")
        }
        #expect(Set(after.domains.map(\.name)) == defined, "\(comment)")
        for domain in after.domains {
            #expect(Set(domain.definedDevices) == devices[domain.name] ?? [], "devices of \(domain.name): \(comment)")
            #expect(domain.isSeated == seated[domain.name] ?? false, "seat of \(domain.name): \(comment)")
            #expect((domain.state == .running) == running[domain.name] ?? false, "power of \(domain.name): \(comment)")
        }
    }
}
