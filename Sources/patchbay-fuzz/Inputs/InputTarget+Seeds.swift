extension InputTarget {
    /// Well-formed inputs to start from.
    var seeds: [[UInt8]] {
        switch self {
        case .configSpace: [ConfigSpaceSample.endpoint, ConfigSpaceSample.port, ConfigSpaceSample.conventional]
        case .vpd: [ConfigSpaceSample.vpd]
        case .rom: [ConfigSpaceSample.rom]
        case .filter: Self.filters.map { Array($0.utf8) }
        case .deviceSpec: Self.specs.map { Array($0.utf8) }
        case .pciNames: [Array(Self.pciList.utf8)]
        case .usbNames: [Array("0781  SanDisk Corp.\n\t5581  Ultra\n\nC 03  Human Interface Device\n".utf8)]
        case .mountinfo: sample("proc/1/mountinfo") + sample("proc/swaps")
        case .routes: sample("proc/1/net/route") + sample("proc/1/net/ipv6_route")
        }
    }

    private func sample(_ path: String) -> [[UInt8]] { SampleHost().files.filter { $0.path == path }.map(\.bytes) }

    private static let filters = [
        "state=free numa=0 name*=A100", "name=\"A 100\" vendor!=10de group<=3", "name~^NVIDIA.*Audio$ driver=\"\"",
        "address=41:00.0 slot=0000:41:00 id=10de:20b5 class^=0302", "role=type-VF revision>a0 pool='g p u'",
        "pci=10de:*:0302,8086 short=41:00.0 verdict=free alone=yes serial^=00-15 width>=8 reset=flr",
        "name*~geforce\tvm= host$=x subsystem=10de:1533",
    ]
    private static let specs = [
        "{\"vendor_id\": \"10de\", \"product_id\": \"*\", \"address\": \"0000:41:00.*\"}",
        "[{\"address\": {\"domain\": \".*\", \"bus\": \"0[0-9a]|41$\", \"slot\": \"^00\", \"function\": \"[0-7]\"}}]",
        "{\"devname\": \"eth0\", \"physical_network\": null, \"remote_managed\": \"true\", \"one_time_use\": \"\\u0031\"}",
        "{\"address\": \":0a.\", \"managed\": true, \"live_migratable\": \"no\", \"traits\": \"a,b\", \"x\": [1, -2.5e3]}",
    ]
    private static let pciList =
        "# list\n10de  NVIDIA Corporation\n\t20b5  GA100\n\t\t10de 1533  A100\n8086  Intel\n\t1592  E810\nC 03  Display controller\n\t02  3D controller\n\t\t00  x\n"
}
