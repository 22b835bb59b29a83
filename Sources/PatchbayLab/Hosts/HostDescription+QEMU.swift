extension HostDescription {
    /// QEMU's arguments for everything described, in an order QEMU accepts: machine, memory, buses, then devices.
    ///
    /// - Parameters:
    ///   - imageOf: the path of a drive's image.
    ///   - hostNumber: 1 and up; makes the MAC addresses of several hosts differ.
    package func qemuArguments(hostNumber: Int, imageOf: (Drive) -> String) -> [String] {
        var arguments = machineArguments
        for (number, bridge) in bridges.enumerated() {
            arguments += ["-device", bridge.qemuDevice(number: number + 1)]
        }
        for drive in drives {
            arguments += ["-drive", "if=none,id=drive-\(drive.id),file=\(imageOf(drive).qemuEscaped),format=raw"]
        }
        for (number, device) in devices.enumerated() {
            arguments += device.qemuArguments(
                bus: busName(device), mac: Self.mac(hostNumber: hostNumber, deviceNumber: number))
        }
        return arguments
    }

    /// The MAC address of a NIC in the range for local use (IEEE 802, second bit of the first byte).
    package func mac(of id: String, hostNumber: Int) -> String? {
        devices.firstIndex { $0.id == id }.map { Self.mac(hostNumber: hostNumber, deviceNumber: $0) }
    }

    private static func mac(hostNumber: Int, deviceNumber: Int) -> String {
        let last = [hostNumber, deviceNumber].map { UInt8(truncatingIfNeeded: $0).hexPair }
        return "52:54:00:70:\(last[0]):\(last[1])"
    }

    private var machineArguments: [String] {
        // The IOMMU comes before every device that it is to serve; split irqchip is what interrupt remapping needs.
        var arguments = [
            "-machine", "q35,kernel-irqchip=split", "-smp", "\(cpus)", "-m", "\(memoryMiB)",
        ]
        for (number, node) in numaNodes.enumerated() {
            let cpus = node.cpus.map { ",cpus=\($0)" }.joined()
            arguments += ["-object", "memory-backend-ram,id=memory\(number),size=\(node.memoryMiB)M"]
            arguments += ["-numa", "node,nodeid=\(number),memdev=memory\(number)\(cpus)"]
        }
        return arguments + ["-device", "intel-iommu,intremap=on"]
    }

    /// A USB controller's bus has the controller's name with `.0` behind it.
    private func busName(_ device: Device) -> String {
        guard let bus = device.bus else { return "pcie.0" }
        return devices.contains { $0.id == bus && $0.isUSBController } ? "\(bus).0" : bus
    }
}

extension HostDescription.Bridge {
    fileprivate func qemuDevice(number: Int) -> String {
        let place = "id=\(id),bus=\(bus ?? "pcie.0"),addr=\(slot.qemuSlot)"
        switch kind {
        case .rootComplex:
            let node = numaNode.map { ",numa_node=\($0)" } ?? ""
            return "pxb-pcie,\(place),bus_nr=\(firstBus ?? 16 * number)\(node)"
        case .rootPort: return "pcie-root-port,\(place),chassis=\(number),slot=\(number)"
        case .conventional: return "pcie-pci-bridge,\(place)"
        }
    }
}

extension HostDescription.Device {
    fileprivate func qemuArguments(bus: String, mac: String) -> [String] {
        var arguments: [String] = []
        var options = [model, "id=\(id)"]
        if let network {
            arguments += ["-netdev", "user,id=net-\(id)\(network == .isolated ? ",restrict=on" : "")"]
            options += ["netdev=net-\(id)", "mac=\(mac)"]
        }
        if model == "ivshmem-plain" {
            arguments += ["-object", "memory-backend-ram,id=shared-\(id),size=4M,share=on"]
            options.append("memdev=shared-\(id)")
        }
        if model == "usb-serial" {
            arguments += ["-chardev", "null,id=line-\(id)"]
            options += ["chardev=line-\(id)", "always-plugged=on"]
        }
        let sharesDrive = model == "nvme" && virtualFunctions > 0
        if sharesDrive {
            arguments += ["-device", "nvme-subsys,id=subsystem-\(id)"]
            options += nvmeVirtualFunctionOptions
        } else if let drive {
            options.append("drive=drive-\(drive)")
        }
        options.append("bus=\(bus)")
        if !isUSB { options.append("addr=\(slot.qemuSlot)\(function == 0 ? "" : ".\(function)")") }
        if multifunction { options.append("multifunction=on") }
        options += properties.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        arguments += ["-device", options.joined(separator: ",")]
        if sharesDrive, let drive {
            arguments += ["-device", "nvme-ns,drive=drive-\(drive),bus=\(id),nsid=1,shared=on"]
        }
        return arguments
    }

    /// Each virtual function gets two queues and one interrupt of those that the physical function gives up.
    private var nvmeVirtualFunctionOptions: [String] {
        let queues = 2 * virtualFunctions
        return [
            "subsys=subsystem-\(id)", "sriov_max_vfs=\(virtualFunctions)", "max_ioqpairs=\(queues + 18)",
            "msix_qsize=\(queues + 18)", "sriov_vq_flexible=\(2 * queues)", "sriov_vi_flexible=\(queues)",
        ]
    }
}

extension Int {
    /// QEMU reads a slot in hexadecimal.
    fileprivate var qemuSlot: String { String(self, radix: 16) }
}

extension UInt8 {
    fileprivate var hexPair: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}

extension String {
    /// In QEMU's option lists a comma in a value is written twice.
    package var qemuEscaped: String { split(separator: ",", omittingEmptySubsequences: false).joined(separator: ",,") }
}
