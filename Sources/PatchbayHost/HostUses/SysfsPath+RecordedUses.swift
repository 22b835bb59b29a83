/// What a recording takes for the host's own uses and for the programs that hold devices.
///
/// Connections of people who are logged in are not among it: whom a host talks to is nobody's business.
extension SysfsPath {
    static let hostUses: [RecordRule] =
        [
            .reduced("\(udevData)/b*", .lines(containing: udevKeys)), .presence("\(zfsPools)/*"),
            .links("\(bcachefs)/*/dev-*"), .links("\(cephDaemons)/*"), .bytes(crashKernelLoaded),
            .reduced(fileSystemTable, .settings), .links("sys/bus/serio/devices"),
            .reduced("\(runningGuests)/*.xml", .lines(containing: diskTags)),
            .reduced("\(definedGuests)/*.xml", .lines(containing: diskTags)),
        ] + crashDumpFiles.map { .reduced($0, .settings) }
        + ["nvme-generic", "infiniband_verbs", "infiniband_mad", "accel", "mei", "ve", "watchdog"].map {
            .links("\(classes)/\($0)")
        }

    private static let udevKeys = [
        "E:ID_FS_TYPE=", "E:ID_FS_LABEL=", "E:ID_FS_UUID=", "E:ID_PART_TABLE_TYPE=", "E:ID_PART_ENTRY_TYPE=",
        "E:ID_PART_ENTRY_UUID=", "E:ID_PART_ENTRY_NAME=",
    ]
    private static let diskTags = ["<disk", "</disk", "<source ", "</source", "<host "]
}
