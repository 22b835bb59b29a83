import Foundation
import PatchbayCore
import PatchbayHost

/// A small host to which things happen by chance, each told as the kernel's events would tell it.
struct ChangingHost {
    let tree: SampleTree
    /// What happened, for the message of a test that failed.
    private(set) var story: [String] = []
    private var dice: SeededDice
    /// Directories by address.
    private var functions: [String: String] = [:]
    private var children: [String: [String]] = [:]
    private var interfaces: [String: String] = [:]
    private var mounts = ["1 0 0:1 / / rw - tmpfs tmpfs rw"]

    private static let models = ["10de:20b5", "8086:1592", "144d:a80a", "1af4:1041"]
    private static let drivers = ["nvidia", "ice", "vfio-pci"]

    init(seed: UInt64) throws {
        tree = try SampleTree()
        dice = SeededDice(seed)
        for _ in 0..<6 { _ = try add() }
        _ = try mount()
    }

    mutating func change() throws -> HostChange {
        var change = HostChange()
        for _ in 0...Int.random(in: 0..<3, using: &dice) {
            switch Int.random(in: 0..<11, using: &dice) {
            case 0, 1: change.formUnion(try add())
            case 2: change.formUnion(try remove())
            case 3, 4: change.formUnion(try rebind())
            case 5: change.formUnion(try setOverride())
            case 6: change.formUnion(try setVirtualFunctions())
            case 7: change.formUnion(try setInterface())
            case 8: change.formUnion(try spoil())
            case 9: change.formUnion(try mount())
            default: change.formUnion(try setGroupType())
            }
        }
        return change
    }

    private mutating func add() throws -> HostChange {
        let place = (slot: Int.random(in: 0..<12, using: &dice), function: Int.random(in: 0..<2, using: &dice))
        let address = "0000:\(String(format: "%02x", 1 + place.slot)):00.\(place.function)"
        guard functions[address] == nil else { return HostChange() }
        try makeFunction(address, below: "pci0000:00/0000:00:\(String(format: "%02x", place.slot)).0")
        return told("add \(address)", HostChange(arrivals: [address]))
    }

    private mutating func makeFunction(_ address: String, below parents: String) throws {
        let model = Self.models.randomElement(using: &dice) ?? ""
        functions[address] = try tree.function(
            address, below: parents, id: model,
            deviceClass: ["020000", "030200", "010802"].randomElement(using: &dice)!,
            driver: Bool.random(using: &dice) ? Self.drivers.randomElement(using: &dice) : nil,
            group: Bool.random(using: &dice) ? Int.random(in: 0..<8, using: &dice) : nil)
    }

    private mutating func remove() throws -> HostChange {
        guard let address = some(functions.keys) else { return HostChange() }
        var gone = [address]
        for child in children.removeValue(forKey: address) ?? [] where functions[child] != nil { gone.append(child) }
        for address in gone { try removeFunction(address) }
        return told("remove \(gone)", HostChange(arrivals: Set(gone)))
    }

    private mutating func removeFunction(_ address: String) throws {
        guard let directory = functions.removeValue(forKey: address) else { return }
        for (name, function) in interfaces where function == address { try removeInterface(name) }
        for group in try names("sys/kernel/iommu_groups") {
            try? FileManager.default.removeItem(
                atPath: "\(tree.root)/sys/kernel/iommu_groups/\(group)/devices/\(address)")
        }
        for (parent, list) in children { children[parent] = list.filter { $0 != address } }
        try erase("sys/bus/pci/devices/\(address)")
        try erase(directory)
    }

    private mutating func rebind() throws -> HostChange {
        guard let address = some(functions.keys), let directory = functions[address] else { return HostChange() }
        try? erase("\(directory)/driver")
        if let driver = (Self.drivers + [nil]).randomElement(using: &dice) ?? nil {
            try tree.directory("sys/bus/pci/drivers/\(driver)")
            try tree.link("\(directory)/driver", to: "sys/bus/pci/drivers/\(driver)")
        }
        return told("bind \(address)", HostChange(functions: [address], parts: [.drivers]))
    }

    private mutating func setOverride() throws -> HostChange {
        guard let address = some(functions.keys), let directory = functions[address] else { return HostChange() }
        try tree.file("\(directory)/driver_override", Bool.random(using: &dice) ? "vfio-pci\n" : "(null)\n")
        return told("override \(address)", HostChange(functions: [address]))
    }

    /// All virtual functions go, then some come; the events are theirs alone.
    private mutating func setVirtualFunctions() throws -> HostChange {
        guard let parent = some(functions.keys.filter { $0.hasSuffix(".0") }), let directory = functions[parent],
            !children.values.joined().contains(parent)
        else { return HostChange() }
        var changed = Set(children[parent] ?? [])
        for (index, child) in (children[parent] ?? []).enumerated() {
            try erase("\(directory)/virtfn\(index)")
            try removeFunction(child)
        }
        children[parent] = []
        let count = Int.random(in: 0..<3, using: &dice)
        try tree.file("\(directory)/sriov_totalvfs", "4\n")
        try tree.file("\(directory)/sriov_numvfs", "\(count)\n")
        for index in 0..<count {
            let child = "\(parent.dropLast(4))10.\(index)"
            guard functions[child] == nil else { continue }
            try makeFunction(child, below: String(directory.dropFirst("sys/devices/".count).dropLast(13)))
            try tree.link("\(functions[child]!)/physfn", to: directory)
            try tree.link("\(directory)/virtfn\(index)", to: functions[child]!)
            children[parent, default: []].append(child)
            changed.insert(child)
        }
        return told(
            "\(count) VFs of \(parent)", HostChange(functions: changed.isEmpty ? [parent] : [], arrivals: changed))
    }

    private mutating func setInterface() throws -> HostChange {
        let name = "eth\(Int.random(in: 0..<4, using: &dice))"
        if interfaces[name] != nil {
            try removeInterface(name)
        } else if let address = some(functions.keys), let directory = functions[address] {
            try tree.directory("\(directory)/net/\(name)")
            try tree.link("sys/class/net/\(name)", to: "\(directory)/net/\(name)")
            interfaces[name] = address
        }
        return told("interface \(name)", HostChange(parts: [.network]))
    }

    private mutating func removeInterface(_ name: String) throws {
        interfaces[name] = nil
        try erase("sys/class/net/\(name)")
    }

    /// A directory that tells nothing of itself, or one that is no function at all, comes or goes.
    private mutating func spoil() throws -> HostChange {
        if Bool.random(using: &dice) {
            let path = "sys/bus/pci/devices/odd\(Int.random(in: 0..<2, using: &dice))"
            if FileManager.default.fileExists(atPath: "\(tree.root)/\(path)") {
                try erase(path)
            } else {
                try tree.directory(path)
            }
            return told("odd", HostChange(arrivals: [path.split(separator: "/").last.map(String.init) ?? ""]))
        }
        guard let address = some(functions.keys), let directory = functions[address] else { return HostChange() }
        try tree.file("\(directory)/modalias", "rubbish\n")
        return told("spoil \(address)", HostChange(functions: [address]))
    }

    private mutating func mount() throws -> HostChange {
        mounts.append(
            "\(mounts.count + 1) 1 8:\(mounts.count) / /mnt/\(mounts.count) rw - ext4 /dev/sd\(mounts.count) rw")
        if mounts.count > 4 { mounts.remove(at: 1) }
        try tree.file("proc/1/mountinfo", mounts.joined(separator: "\n") + "\n")
        return told("mount", HostChange(parts: [.mounts]))
    }

    private mutating func setGroupType() throws -> HostChange {
        guard let group = some(try names("sys/kernel/iommu_groups")) else { return HostChange() }
        try tree.file("sys/kernel/iommu_groups/\(group)/type", Bool.random(using: &dice) ? "DMA\n" : "identity\n")
        let members = try names("sys/kernel/iommu_groups/\(group)/devices")
        return told("type of \(group)", HostChange(functions: Set(members)))
    }

    private mutating func told(_ what: String, _ change: HostChange) -> HostChange {
        story.append(what)
        return change
    }

    private mutating func some(_ names: some Collection<String>) -> String? {
        names.sorted().randomElement(using: &dice)
    }

    private func names(_ path: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: "\(tree.root)/\(path)") else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: "\(tree.root)/\(path)").sorted()
    }

    private func erase(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(tree.root)/\(path)") }
}

/// SplitMix64.
struct SeededDice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
