/// A host in the making: what is planted on its devices, and nothing of how a host is read.
///
/// The files are those of the kernel and of the programs that write them, so that it is a second opinion: of the kernel's
/// `Documentation/ABI`, its sources, the UEFI specification and recorded hosts.
struct PlantedHost {
    /// A function, and where it lies.
    struct Card {
        var address: String
        /// `sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0`
        var path: String
        var group: Int
        /// The others of its group that are no bridges.
        var mates: [String] = []
    }

    var dice: Dice
    private(set) var files = SampleHost.blank
    private(set) var judgements: [String: Judgement] = [:]
    /// A default route on something that no file names: whoever could be it is not free.
    private(set) var hasUntoldRoute = false
    private var networkCards: [String] = []
    private var texts: [String: [String]] = [:]
    private var counters: [String: Int] = [:]
    private var kind = Ingredient.Kind.mount(.mount)

    init(_ ingredients: [Ingredient]) {
        dice = Dice(seed: 0, case: 0)
        addMachine()
        for ingredient in ingredients {
            dice = ingredient.dice
            kind = ingredient.kind
            add(ingredient.kind)
        }
        kind = .route(.defaultRoute)
        addUplink()
        let words = texts.removeValue(forKey: Self.bootWords) ?? []
        file("proc/cmdline", words.joined(separator: " ") + "\n")
        for (path, lines) in texts { file(path, lines.map { $0 + "\n" }.joined()) }
        if hasUntoldRoute { for address in networkCards { judge(address, .open) } }
    }

    // MARK: What is expected

    /// Nobody who knows what was planted would lend these.
    mutating func need(_ card: Card) {
        judge(card.address, .needed)
        for mate in card.mates { judge(mate, .needed) }
    }

    /// Data of somebody lies on it.
    mutating func risk(_ card: Card) {
        judge(card.address, .atRisk)
        for mate in card.mates { judge(mate, .open) }
    }

    mutating func spare(_ card: Card) {
        judge(card.address, .free)
        for mate in card.mates { judge(mate, .free) }
    }

    /// It is not what this is about.
    mutating func leaveOpen(_ address: String) { judge(address, .open) }

    private mutating func judge(_ address: String, _ expectation: Judgement.Expectation) {
        if let known = judgements[address], known.expectation.rawValue >= expectation.rawValue { return }
        judgements[address] = Judgement(expectation: expectation, kind: kind)
    }

    mutating func loseTheWayOut() { hasUntoldRoute = true }

    // MARK: Files

    mutating func file(_ path: String, _ text: String) { files.file(path, text) }
    mutating func file(_ path: String, _ bytes: [UInt8]) { files.file(path, bytes) }
    mutating func folder(_ path: String) { files.folder(path) }
    mutating func attributes(_ directory: String, _ lines: String) { files.attributes(directory, lines) }
    /// One more line of a table such as `proc/swaps`.
    mutating func line(_ path: String, _ line: String) { texts[path, default: []].append(line) }
    func hasLines(_ path: String) -> Bool { texts[path] != nil }
    /// One more parameter of the kernel.
    mutating func bootWord(_ word: String) { line(Self.bootWords, word) }
    private static let bootWords = "proc/cmdline"

    /// As sysfs writes it: up to where both ways part, and down again.
    mutating func link(_ path: String, to target: String) {
        let from = path.split(separator: "/").dropLast()
        let to = target.split(separator: "/")
        let shared = zip(from, to).prefix { $0 == $1 }.count
        let steps = [Substring](repeating: "..", count: from.count - shared) + to.dropFirst(shared)
        files.rawLink(path, to: steps.joined(separator: "/"))
    }

    /// As it stands below `proc/<pid>/fd`.
    mutating func rawLink(_ path: String, to target: String) { files.rawLink(path, to: target) }

    /// 0, 1, 2 and so on, by what is counted.
    mutating func next(_ what: String) -> Int {
        defer { counters[what, default: 0] += 1 }
        return counters[what, default: 0]
    }

    /// How many there have been.
    func count(_ what: String) -> Int { counters[what, default: 0] }

    mutating func chance(_ times: Int, in count: Int) -> Bool { dice.below(count) < times }

    /// A process with files open, as root sees it.
    mutating func process(_ command: String, unit: String, open nodes: [String]) {
        let pid = 4000 + 7 * next("process")
        attributes("proc/\(pid)", "comm=\(command)")
        file("proc/\(pid)/cgroup", "0::/system.slice/\(unit)\n")
        for (number, node) in (["/dev/null"] + nodes).enumerated() { rawLink("proc/\(pid)/fd/\(number)", to: node) }
    }

    // MARK: Functions

    /// A card in a slot of its own, below a port with ACS.
    ///
    /// - Parameters:
    ///   - driver: nil: none has it.
    ///   - isAlone: nothing else is in its group; otherwise one in four has a second function in it, without a driver.
    mutating func card(_ id: String, _ deviceClass: String, driver: String?, isAlone: Bool = false) -> Card {
        let (bus, path) = slot()
        var card = Card(address: "0000:\(Self.hex(bus)):00.0", path: "", group: nextGroup())
        card.path = "\(path)/\(card.address)"
        function(card, id, deviceClass, driver: driver)
        if !isAlone, chance(1, in: 4) { addMate(&card, id, deviceClass, driver: nil) }
        return card
    }

    /// Another function of the same card, in the same group.
    @discardableResult
    mutating func addMate(_ card: inout Card, _ id: String, _ deviceClass: String, driver: String?) -> Card {
        let address = "\(card.address.dropLast())\(card.mates.count + 1)"
        let mate = Card(
            address: address, path: "\(card.path.dropLast(card.address.count))\(address)", group: card.group)
        card.mates.append(address)
        function(mate, id, deviceClass, driver: driver)
        return mate
    }

    /// A function of the root complex, with no port above it.
    mutating func integrated(_ id: String, _ deviceClass: String, driver: String?) -> Card {
        let number = next("integrated")
        let address = "0000:\(Self.hex(0x80 + number / 8)):\(Self.hex(number % 8 + 4)).0"
        let root = "pci0000:\(address.dropFirst(5).prefix(2))"
        let card = Card(address: address, path: "sys/devices/\(root)/\(address)", group: nextGroup())
        function(card, id, deviceClass, driver: driver, portType: 9)
        return card
    }

    mutating func nextGroup() -> Int { next("group") + 1 }

    /// A port of the root complex; what is behind it gets the next bus.
    private mutating func slot() -> (bus: Int, path: String) {
        let number = next("slot")
        let address = "0000:00:\(Self.hex(1 + number / 8)).\(number % 8)"
        let port = Card(address: address, path: "sys/devices/pci0000:00/\(address)", group: nextGroup())
        function(port, "8086:347a", "060400", driver: "pcieport", portType: 4)
        return (number + 1, port.path)
    }

    mutating func function(
        _ card: Card, _ id: String, _ deviceClass: String, driver: String?, portType: UInt8 = 0
    ) {
        let ids = id.split(separator: ":")
        let (vendor, device) = ("0000\(ids[0].uppercased())", "0000\(ids[1].uppercased())")
        attributes(
            card.path,
            """
            vendor=0x\(ids[0])
            device=0x\(ids[1])
            subsystem_vendor=0x\(ids[0])
            subsystem_device=0x\(ids[1])
            class=0x\(deviceClass)
            revision=0x01
            modalias=pci:v\(vendor)d\(device)sv\(vendor)sd\(device)\(Self.aliasClass(deviceClass))
            numa_node=-1
            power_state=D0
            driver_override=(null)
            """)
        if portType != 4 { attributes(card.path, "reset_method=flr bus") }
        file("\(card.path)/resource", Self.noResources)
        let header: UInt8 = portType == 4 ? 1 : 0
        file(
            "\(card.path)/config",
            ConfigSpaceSample.header(id, deviceClass, header, ConfigSpaceSample.plain(portType: portType)))
        link("sys/bus/pci/devices/\(card.address)", to: card.path)
        link("\(card.path)/iommu_group", to: "sys/kernel/iommu_groups/\(card.group)")
        link("sys/kernel/iommu_groups/\(card.group)/devices/\(card.address)", to: card.path)
        file("sys/kernel/iommu_groups/\(card.group)/type", "DMA-FQ\n")
        file(
            "sys/kernel/iommu_groups/\(card.group)/reserved_regions",
            "0x00000000fee00000 0x00000000feefffff msi\n")
        if deviceClass.hasPrefix("02") { networkCards.append(card.address) }
        guard let driver else { return }
        link("\(card.path)/driver", to: "sys/bus/pci/drivers/\(driver)")
        link("sys/bus/pci/drivers/\(driver)/\(card.address)", to: card.path)
    }

    /// `bc02sc00i00`.
    private static func aliasClass(_ deviceClass: String) -> String {
        let code = deviceClass.uppercased()
        return "bc\(code.prefix(2))sc\(code.dropFirst(2).prefix(2))i\(code.suffix(2))"
    }

    private static let noResources = String(
        repeating: "0x0000000000000000 0x0000000000000000 0x0000000000000000\n", count: 7)

    static func hex(_ value: Int, _ digits: Int = 2) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// What is expected of a device, and what was planted there.
struct Judgement {
    /// The strongest last.
    enum Expectation: Int {
        case free, open, atRisk, needed
    }
    var expectation: Expectation
    var kind: Ingredient.Kind
}
