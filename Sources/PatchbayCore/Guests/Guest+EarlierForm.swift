/// What servers and agents wrote before there were policies of placement and seats: what they did not know has the meaning
/// that it had then.
extension Request {
    private enum Key: String, CodingKey { case name, target, count, isOptional, numa, group, topology, tags }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            target: try values.decode(Target.self, forKey: .target),
            count: try values.decode(Int.self, forKey: .count),
            isOptional: try values.decodeIfPresent(Bool.self, forKey: .isOptional) ?? false,
            numa: try values.decodeIfPresent(NUMAPolicy.self, forKey: .numa),
            group: try values.decodeIfPresent(GroupPolicy.self, forKey: .group) ?? .none,
            topology: try values.decodeIfPresent(TopologyPolicy.self, forKey: .topology),
            tags: try values.decodeIfPresent([String: String].self, forKey: .tags) ?? [:])
    }
}

extension GuestSpec {
    private enum Key: String, CodingKey { case name, vcpus, memoryMiB, boot, accelerator, pin, hugepageKiB, cells }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name), vcpus: try values.decode(Int.self, forKey: .vcpus),
            memoryMiB: try values.decode(Int.self, forKey: .memoryMiB),
            boot: try values.decode(Boot.self, forKey: .boot),
            accelerator: try values.decodeIfPresent(Accelerator.self, forKey: .accelerator),
            pin: try values.decodeIfPresent(PinPolicy.self, forKey: .pin) ?? PinPolicy.none,
            hugepageKiB: try values.decodeIfPresent(Int.self, forKey: .hugepageKiB),
            cells: try values.decodeIfPresent(Int.self, forKey: .cells))
    }
}

extension Domain {
    private enum Key: String, CodingKey {
        case name, uuid, state, vcpus, memoryMiB, liveDevices, pulled, definedDevices, isManaged, isSeated
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name), uuid: try values.decode(String.self, forKey: .uuid),
            state: try values.decode(State.self, forKey: .state),
            vcpus: try values.decodeIfPresent(Int.self, forKey: .vcpus),
            memoryMiB: try values.decodeIfPresent(Int.self, forKey: .memoryMiB),
            liveDevices: try values.decode([DeviceKey].self, forKey: .liveDevices),
            pulledDevices: try values.decodeIfPresent([DeviceKey].self, forKey: .pulled) ?? [],
            definedDevices: try values.decode([DeviceKey].self, forKey: .definedDevices),
            isManaged: try values.decode(Bool.self, forKey: .isManaged),
            isSeated: try values.decodeIfPresent(Bool.self, forKey: .isSeated) ?? false)
    }
}
