import PatchbayCore

/// Which device nodes belong to which PCI function: `/dev/nvidia0`, `/dev/vfio/26`, `/dev/sda1`.
struct DeviceNodes {
    /// What of a function decides about its nodes.
    struct Function {
        var address: PCIAddress
        var group: String?
        var driver: String?
        var isOnVFIO: Bool
    }

    private(set) var functions: [String: [PCIAddress]] = [:]
    private let tree: HostTree

    init(_ tree: HostTree, _ functions: [Function]) {
        self.tree = tree
        for (folder, prefix) in Self.classes { addClass(folder, prefix) }
        addVFIO(functions)
        addNVIDIA()
        for function in functions where function.driver == "amdgpu" { add(Self.compute, function.address) }
        addBlockDevices()
        addUSB()
    }

    /// Kernel classes whose names are the names of their nodes, with the directory of those nodes.
    private static let classes = [
        ("drm", "/dev/dri/"), ("sound", "/dev/snd/"), ("nvme", "/dev/"), ("nvme-generic", "/dev/"), ("uio", "/dev/"),
        ("infiniband_verbs", "/dev/infiniband/"), ("infiniband_mad", "/dev/infiniband/"), ("accel", "/dev/accel/"),
        ("video4linux", "/dev/"), ("scsi_generic", "/dev/"), ("mei", "/dev/"), ("tty", "/dev/"), ("ve", "/dev/"),
        ("habanalabs", "/dev/accel/"), ("watchdog", "/dev/"),
    ]

    private mutating func addClass(_ folder: String, _ prefix: String) {
        for name in tree.names("\(SysfsPath.classes)/\(folder)") ?? [] {
            guard let link = tree.link("\(SysfsPath.classes)/\(folder)/\(name)") else { continue }
            add("\(prefix)\(name)", DevicePlace(link: link).functions.last)
        }
    }

    private mutating func add(_ node: String, _ function: PCIAddress?) {
        if let function { functions[node, default: []].append(function) }
    }

    /// A group's node holds all its members; newer kernels give each function a node of its own as well.
    private mutating func addVFIO(_ functions: [Function]) {
        for function in functions where function.isOnVFIO {
            if let group = function.group { add("\(SysfsPath.vfioNodes)\(group)", function.address) }
            let directory = "\(SysfsPath.pciDevice(function.address.description))/\(SysfsPath.vfioDevices)"
            for name in tree.names(directory) ?? [] { add("\(SysfsPath.vfioNodes)devices/\(name)", function.address) }
        }
    }

    /// One node for all of AMD's cards.
    private static let compute = "/dev/kfd"

    /// `Device Minor: 	 0` in `proc/driver/nvidia/gpus/<address>/information` names the card's node.
    private mutating func addNVIDIA() {
        for name in tree.names(SysfsPath.nvidiaCards) ?? [] {
            guard let address = PCIAddress(printed: name),
                let text = tree.text("\(SysfsPath.nvidiaCards)/\(name)/information")
            else { continue }
            let line = text.split(separator: "\n").first { $0.hasPrefix("Device Minor:") }
            if let minor = line?.split(separator: ":").last { add("/dev/nvidia\(minor.trimmingBlanks)", address) }
        }
    }

    /// Disks, partitions, and what stands on them.
    private mutating func addBlockDevices() {
        let blocks = BlockDevices(tree)
        for name in blocks.names {
            let places = blocks.ways(from: name).compactMap { way -> PCIAddress? in
                guard case .disk(let place) = way.end else { return nil }
                return place.functions.last
            }
            let node = "/dev/" + name.map { $0 == "!" ? "/" : String($0) }.joined()
            for place in Set(places).sorted() { add(node, place) }
        }
    }

    /// A guest that has a USB device holds its controller: `/dev/bus/usb/001/004`.
    private mutating func addUSB() {
        for name in tree.names(SysfsPath.usbDevices) ?? [] where DevicePlace.isUSBDevice(name) {
            let directory = "\(SysfsPath.usbDevices)/\(name)"
            guard let link = tree.link(directory), let bus = tree.line("\(directory)/busnum").flatMap({ Int($0) }),
                let device = tree.line("\(directory)/devnum").flatMap({ Int($0) })
            else { continue }
            add("/dev/bus/usb/\(Self.padded(bus))/\(Self.padded(device))", DevicePlace(link: link).functions.last)
        }
    }

    private static func padded(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }
}
