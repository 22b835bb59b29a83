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

    /// Those that run.
    static func all(in tree: HostTree) -> [SlotArray] {
        [("Unraid array", SysfsPath.arrays), ("NonRAID array", SysfsPath.otherArrays)].compactMap { name, path in
            tree.text(path).flatMap { SlotArray(name, $0) }
        }
    }

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
