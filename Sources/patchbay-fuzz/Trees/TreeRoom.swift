import Foundation
import Glibc

/// A worker's own folder: the trees that its cases start from, and a place to keep aside what they change.
struct TreeRoom {
    struct Tree {
        var root: String
        var paths: TreePaths
    }
    private let folder: String
    private let bases: [String]
    private var trees: [Int: Tree] = [:]

    /// - Parameters:
    ///   - folder: empty, and the worker's alone.
    ///   - bases: directories of recorded machines that cases start from too; they are copied.
    init(folder: String, bases: [String]) throws {
        guard let real = TreeFiles.resolved(folder) else { throw CocoaError(.fileNoSuchFile) }
        self.folder = real
        self.bases = bases
    }

    var aside: String { "\(folder)/aside" }

    /// Most cases meet one corner of a host, so that there can be many; one in 20 a whole one, one in 20 a recorded machine
    /// where there are any, one in 4 a host with uses planted on its devices, one in 4,000 a host of 10,000 functions.
    mutating func tree(_ dice: inout Dice) throws -> Tree {
        if dice.isOne(in: 4000) { return try made(-1) { try CrowdedHost().make(below: $0) } }
        if !bases.isEmpty, dice.isOne(in: 20) {
            let index = dice.below(bases.count)
            let base = bases[index]
            return try made(index + 1) { try Self.copy(base, to: $0) }
        }
        if dice.isOne(in: 20) { return try sample() }
        if dice.isOne(in: 4) {
            let number = dice.below(Ingredient.Kind.all.count)
            let planted = VerdictCase(seed: 0, number: number, kinds: Ingredient.Kind.all)
            return try made(-100 - number) { try PlantedHost(planted.ingredients).files.make(below: $0) }
        }
        let part = dice.pick(SampleHost.Part.allCases)
        return try made(-2 - part.rawValue) { try SampleHost(part).make(below: $0) }
    }

    /// The whole sample host.
    mutating func sample() throws -> Tree { try made(0) { try SampleHost().make(below: $0) } }

    private mutating func made(_ number: Int, _ make: (String) throws -> Void) throws -> Tree {
        if let tree = trees[number] { return tree }
        try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
        let root = "\(folder)/tree\(number)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try make(root)
        let tree = Tree(root: root, paths: TreePaths(root: root))
        trees[number] = tree
        return tree
    }

    private static func copy(_ base: String, to root: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: base) {
            try FileManager.default.copyItem(atPath: "\(base)/\(name)", toPath: "\(root)/\(name)")
        }
    }
}

/// A host of 10,000 functions behind 1,250 ports in 10 domains.
struct CrowdedHost {
    func make(below root: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(root)/sys/bus/pci/devices", withIntermediateDirectories: true)
        for number in 0..<10_000 {
            let (domain, rest) = (number / 1000, number % 1000)
            let (bus, function) = (rest / 8, rest % 8)
            let address = "\(hex(domain * 0x1000_0001, 4)):\(hex(bus, 2)):00.\(function)"
            let directory = "sys/devices/pci\(hex(domain, 4)):00/\(address)"
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
            TreeFiles.write(
                "\(root)/\(directory)/modalias", Array("pci:v000010DEd000020B5sv000010DEsd00001533bc03sc02i00\n".utf8))
            TreeFiles.write("\(root)/\(directory)/numa_node", Array("\(number % 3 - 1)\n".utf8))
            symlink("../../../../\(directory)", "\(root)/sys/bus/pci/devices/\(address)")
            symlink("../../../kernel/iommu_groups/\(number / 5)", "\(root)/\(directory)/iommu_group")
        }
    }

    private func hex(_ value: Int, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
