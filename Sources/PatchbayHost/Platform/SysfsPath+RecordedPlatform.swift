extension SysfsPath {
    /// What the platform's readers look at and no other reader does.
    static let platform: [RecordRule] =
        [
            .bytes(efficiencyCPUs), .presence(firmware), .bytes("sys/firmware/efi/efivars/LoaderInfo-*"),
            .presence(ostreeMark), .presence(proxmoxPartitions), .bytes("sys/module/amdgpu/version"),
            .bytes("sys/module/i915/version"), .bytes("sys/module/xe/version"), .bytes("sys/module/gim/version"),
            .presence("sys/class/misc/iommu"), .bytes("etc/qemu/firmware/*.json"), .presence("usr/share/qemu/*.fd"),
            .presence("usr/share/edk2-ovmf/*"), .presence("usr/share/pve-edk2-firmware/*"),
            .daemons,
        ] + machine + bootSettings + grubFolders.map { .presence($0) }
        + grubEnvironments.map { .reduced($0, .settings) }
        + grubby.map { .presence($0) } + units

    private static let machine: [RecordRule] = [
        .bytes(architecture), .reduced(systemInformation, .lines(containing: ["Control Program:"])),
        .bytes(xenCapabilities), .bytes(hypervisorKind), .bytes(xenFeatures),
    ]

    /// How the system makes its boot settings, and the files of loaders that are not read elsewhere.
    private static let bootSettings: [RecordRule] = {
        let marks =
            harvesterMarks + truenasMarks + zfsBootMenuMarks + unifiedImages.map { "\($0)/*" } + oemEnvironments
            + cloverFiles + [
                stubName, kernelstub, unraidMark, rpmOSTree, ostreeProgram, bootc, sdbootutil, clearBootManager,
                xenCommandLine,
            ]
        let files =
            loaderSettings + limineFiles + extlinuxFiles + boardFiles + flatcarFiles + [
                refindFile, ziplFile, "\(kernelCommandLineParts)/*.conf", "\(moduleLists)/*.conf",
            ] + misplacedOptions
        return marks.map { .presence($0) } + files.map { .reduced($0, .numberedSettings) }
    }()

    /// Unit files by name only, but for the limit of locked memory; control groups by their directory.
    private static let units: [RecordRule] =
        unitFiles.flatMap { folder in
            UnitsReader.names.map { RecordRule.presence("\(folder)/\($0)") }
                + LockLimitReader.daemons.flatMap { daemon in
                    ["\(daemon).service", "\(daemon).service.d/*.conf"].map {
                        RecordRule.reduced("\(folder)/\($0)", .lines(containing: ["LimitMEMLOCK="]))
                    }
                }
        } + unitGroups.map { .presence($0) }
        + unitGroups.flatMap { group in
            (UnitsReader.names + UnitsReader.displayManagers).map { .presence("\(group)/\($0)") }
        }
}
