import CPatchbayHost
import PatchbayCore

/// Completes what is known of devices that do not answer: those below a port whose link is not active, and whether the
/// power of their slots can be switched.
struct SilentFunctions {
    let tree: HostTree

    func complete(_ functions: inout [PCIFunction]) {
        let ports = functions.filter { $0.isLinkDown == true && isDead($0) }
        guard !ports.isEmpty || functions.contains(where: { $0.silence != nil }) else { return }
        for index in functions.indices {
            let function = functions[index]
            if function.silence == nil, let port = ports.first(where: { function.isBelow($0.topologyPath) }),
                !isAsleep(function.address)
            {
                functions[index].silence = Silence(.linkDown, port: port.address)
            }
            guard functions[index].silence != nil else { continue }
            if case .virtual(let parent, _) = function.role { functions[index].silence?.parent = parent }
            functions[index].silence?.poweredSlot = poweredSlot(of: function.address)
        }
    }

    /// Its link is down still, and it does not sleep: a port that sleeps has none.
    private func isDead(_ port: PCIFunction) -> Bool {
        let directory = SysfsPath.pciDevice(port.address.description)
        if let state = tree.line("\(directory)/\(SysfsPath.Function.powerState)"), state.hasPrefix("D"), state != "D0" {
            return false
        }
        return ConfigSpace(tree.bytes("\(directory)/\(SysfsPath.Function.config)", atMost: 256) ?? []).isLinkDown
    }

    private func isAsleep(_ address: PCIAddress) -> Bool {
        let directory = pb_open_directory(tree.descriptor, SysfsPath.pciDevice(address.description))
        guard directory >= 0 else { return false }
        defer { pb_close(directory) }
        return FunctionSleep.isDeep(directory, AttributeBuffer())
    }

    /// The slot of the card, or of the card that the device is a part of.
    private func poweredSlot(of address: PCIAddress) -> String? {
        let link = tree.link(SysfsPath.pciDevice(address.description)) ?? ""
        let places = Set((TopologyPath.functions(link) + [address]).map { String($0.description.dropLast(2)) })
        return (tree.names(SysfsPath.pciSlots) ?? []).first { name in
            guard let place = tree.line(SysfsPath.pciSlotAddress(name)), places.contains(place) else { return false }
            return tree.exists(SysfsPath.pciSlotPower(name))
        }
    }
}

extension PCIFunction {
    fileprivate func isBelow(_ path: String) -> Bool { topologyPath.hasPrefix(path + "/") }
}
