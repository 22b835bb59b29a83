extension HostDescription: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case title, memoryMiB, cpus, numaNodes, bridges, drives, devices, rootDisk, defaultRoute
        case makeVirtualFunctions, expected
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(CodingKeys.self)
        title = try values.decode(String.self, forKey: .title)
        memoryMiB = try values.decode(Int.self, forKey: .memoryMiB)
        cpus = try values.value(.cpus, or: 1)
        numaNodes = try values.value(.numaNodes, or: [])
        bridges = try values.value(.bridges, or: [])
        drives = try values.value(.drives, or: [])
        devices = try values.value(.devices, or: [])
        rootDisk = try values.decodeIfPresent(String.self, forKey: .rootDisk)
        defaultRoute = try values.decodeIfPresent(String.self, forKey: .defaultRoute)
        makeVirtualFunctions = try values.value(.makeVirtualFunctions, or: [])
        expected = try values.value(.expected, or: Expected())
    }
}

extension HostDescription.NUMANode: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable { case cpus, memoryMiB }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(CodingKeys.self)
        cpus = try values.decode([Int].self, forKey: .cpus)
        memoryMiB = try values.decode(Int.self, forKey: .memoryMiB)
    }
}

extension HostDescription.Bridge: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable { case id, kind, bus, slot, numaNode, firstBus }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        kind = try values.decode(Kind.self, forKey: .kind)
        bus = try values.decodeIfPresent(String.self, forKey: .bus)
        slot = try values.decode(Int.self, forKey: .slot)
        numaNode = try values.decodeIfPresent(Int.self, forKey: .numaNode)
        firstBus = try values.decodeIfPresent(Int.self, forKey: .firstBus)
    }
}

extension HostDescription.Drive: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable { case id, sizeMiB, fileSystem, begins }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        sizeMiB = try values.decode(Int.self, forKey: .sizeMiB)
        fileSystem = try values.decodeIfPresent(FileSystem.self, forKey: .fileSystem)
        begins = try values.decodeIfPresent(String.self, forKey: .begins)
    }
}

extension HostDescription.Device: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case id, model, bus, slot, function, multifunction, drive, network, virtualFunctions, properties
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        model = try values.decode(String.self, forKey: .model)
        bus = try values.decodeIfPresent(String.self, forKey: .bus)
        slot = try values.value(.slot, or: 0)
        function = try values.value(.function, or: 0)
        multifunction = try values.value(.multifunction, or: false)
        drive = try values.decodeIfPresent(String.self, forKey: .drive)
        network = try values.decodeIfPresent(Network.self, forKey: .network)
        virtualFunctions = try values.value(.virtualFunctions, or: 0)
        properties = try values.value(.properties, or: [:])
    }
}

extension HostDescription.VirtualFunctions: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable { case device, count }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(CodingKeys.self)
        device = try values.decode(String.self, forKey: .device)
        count = try values.decode(Int.self, forKey: .count)
    }
}

extension HostDescription.Expected: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable { case groups, numaNodes }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(CodingKeys.self)
        groups = try values.value(.groups, or: [])
        numaNodes = try values.value(.numaNodes, or: [:])
    }
}
