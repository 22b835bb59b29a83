import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// What handing a device over takes, or what stands in the way and what can be done about it.
enum DeviceHandover {
    /// - Parameter refusal: what the server says to handing it over; nil: it would.
    static func words(of device: API.Device, refusal: Problem?) -> [String] {
        guard !device.isBridge else { return ["A bridge stays with the host."] }
        let way = (refusal?.next.lines ?? []).filter { device.waysOut?.contains($0) != true }
        return switch device.state {
        case .free: refusal.map { [$0.detail] + way } ?? [device.kind.handover(from: device.driver)]
        case .attached: [inUse(device)]
        case .allocated: ["It is reserved until its plan has ended."]
        case .host: [host(device, refusal)] + way
        case .blocked, .quarantined: ["It cannot be lent in its present state."] + way
        case .missing: ["It is missing, so it cannot be lent."]
        }
    }

    private static func host(_ device: API.Device, _ refusal: Problem?) -> String {
        if refusal?.code.canBeAllowed == true { return "It stays with the host unless you accept the risk." }
        return device.verdict == .critical
            ? "It is never lent while the host needs it." : "It is not lent while the host uses it."
    }

    private static func inUse(_ device: API.Device) -> String {
        let holder = device.vm ?? device.holder ?? "A VM"
        let end = device.kind.type.canBeHotplugged ? "it is detached or the VM stops" : "it stops"
        guard let binding = device.binding else { return "\(holder) has it until \(end)." }
        let driver = binding.originalDriver.map { "goes back to \($0)" } ?? "has no driver again"
        let after = binding.staysReady == true ? "stays on vfio-pci, ready for the next VM" : driver
        return "\(holder) has it until \(end); then it \(after)."
    }
}

/// What can be done with a device from a shell: what a button here does, or where to look.
struct DeviceLine: Sendable, Hashable {
    let label: String
    let command: String

    /// - Parameters:
    ///   - attachTo: VMs that can be chosen for it.
    ///   - risk: what it is refused for, where a person may take it all the same.
    static func lines(
        of device: API.Device, attachTo: [Choice], canDetach: Bool, risk: ProblemCode? = nil
    ) -> [DeviceLine] {
        let id = device.shortID
        var lines: [DeviceLine] = []
        func add(_ label: String, _ line: ShellLine) { lines.append(DeviceLine(label: label, command: line.text)) }
        if let risk {
            add(device.pools.isEmpty ? "Make passthrough" : "Prepare", device.line(taking: risk))
        } else if !attachTo.isEmpty {
            // Which one is chosen in the form; the sheet says it exactly.
            let vm = attachTo.count == 1 ? attachTo[0].value : "VM"
            add("Attach", ShellLine(API.AttachRequest(device: id), to: vm))
        } else if device.state == .free, device.pools.isEmpty {
            let request = API.PassthroughRequest(devices: [id], pool: "POOL", create: API.PoolDraft())
            add("Make passthrough", ShellLine(request))
        }
        if risk == nil, device.state == .free, !device.pools.isEmpty {
            add(
                device.binding == nil ? "Prepare" : "Give back",
                ShellLine("device", device.binding == nil ? "prepare" : "release", id))
        }
        if canDetach, let vm = device.vm { add("Detach", ShellLine(API.DetachRequest(device: id), from: vm)) }
        if device.canBeReturned { add("Return", ShellLine("device", "return", id)) }
        if lines.isEmpty { add("Look at it", device.kind.showing(id)) }
        return lines
    }
}

extension API.Device {
    /// It waits for somebody to say that it is clean. One that does not answer cannot be.
    var canBeReturned: Bool { state == .quarantined && waysOut == nil }

    /// A VM has it by a request of its own; what somebody else's definition gave it is not ours to take.
    func canBeDetached(from vms: [API.VM]) -> Bool {
        guard state == .attached else { return false }
        return vms.contains { vm in
            vm.name == self.vm && vm.now.contains { $0.device == id && vm.asks(for: $0) }
        }
    }
}
