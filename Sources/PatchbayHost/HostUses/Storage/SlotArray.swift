/// The array of Unraid, and of NonRAID, which took its driver: a device for each disk with data, and one or two disks with
/// parity that no device stands on.
///
/// Its driver takes the place of the kernel's md and lists settings instead of arrays, by slot: `diskName.1=md1p1`,
/// `rdevName.1=sdc`, in `proc/mdstat` or `proc/nmdstat`. The kernel shows neither slaves nor holders of it.
struct SlotArray {
    struct Member: Equatable {
        /// The device that the array makes of it; nil: it holds parity.
        var device: String?
        var disk: String
    }

    /// `Unraid array`
    let name: String
    let members: [Member]

    /// nil: the list is of another driver, or the array does not run.
    init?(_ name: String, _ text: String) {
        guard text.contains("rdevName."), text.contains("mdState=STARTED") else { return nil }
        var devices: [Substring: String] = [:]
        var disks: [(slot: Substring, name: String)] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let dot = parts[0].firstIndex(of: ".") else { continue }
            let slot = parts[0][parts[0].index(after: dot)...]
            switch parts[0][..<dot] {
            case "diskName": devices[slot] = String(parts[1])
            case "rdevName": disks.append((slot, String(parts[1])))
            default: continue
            }
        }
        self.name = name
        members = disks.map { Member(device: devices[$0.slot], disk: $0.name) }
    }
}

/// The lists of arrays, each read when it is first asked for, and once.
final class ListedArrays {
    private let tree: HostTree
    private lazy var text = tree.text(SysfsPath.arrays)
    /// `md0 : active raid1 sdb1[1] sda1[0](S)`, with the lines between.
    private(set) lazy var lines = (text ?? "").split(separator: "\n")
    /// Those that run.
    private(set) lazy var withSlots: [SlotArray] = [
        text.flatMap { SlotArray("Unraid array", $0) },
        tree.text(SysfsPath.otherArrays).flatMap { SlotArray("NonRAID array", $0) },
    ].compactMap(\.self)

    init(_ tree: HostTree) { self.tree = tree }
}
