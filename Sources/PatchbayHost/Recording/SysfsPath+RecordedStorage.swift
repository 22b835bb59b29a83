/// What a recording takes of storage that is in use without a mount, and of what the host boots from.
extension SysfsPath {
    static let storageInUse: [RecordRule] = mountedElsewhere + volumes + bootMedia + [.services]

    private static let mountedElsewhere: [RecordRule] = KernelFileSystems.paths.map { .presence("\($0)/*") }

    private static let volumes: [RecordRule] =
        cephDaemons.map { .links($0) } + [
            .links("\(bcache)/*"), .bytes("\(physicalVolumes)/*"),
            .reduced("\(volumeGroups)/*", .lines(containing: ["id = "])), .reduced(encryptedTable, .settings),
        ] + [arrays, otherArrays].map { .reduced($0, .lines(containing: arrayMembers)) }

    /// Of an array with slots the serial numbers of disks are listed, too.
    private static let arrayMembers = [" : ", "mdState=", "diskName.", "rdevName."]

    private static let bootMedia: [RecordRule] =
        [
            .bytes(resumeDevice), .reduced(initramfsResume, .settings), .bytes(loaderPartitions[1]),
            .bytes(bootCurrent), .bytes(bootOrder), .links("sys/firmware/edd/int13_dev80"),
        ]
        + (0...9).map { .reduced(bootEntry("\($0)*"), .bootEntry) }
}
