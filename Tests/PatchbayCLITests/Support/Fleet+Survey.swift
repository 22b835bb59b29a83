import PatchbayCore

@testable import PatchbayAPI

extension Fleet {
    /// What is known of single devices.
    static let details: [String: API.DeviceDetails] = [
        "0000:42:00.0": API.DeviceDetails(
            identity: .init(
                topologyPath: "pci0000:40/01.0/00.0", id: "10de:20b5", subsystem: "10de:1533",
                serials: [.init(kind: "dsn", value: "00-15-17-ff-ff-ab-cd-ef")],
                recognisedBy: [
                    "serial number 00-15-17-ff-ff-ab-cd-ef", "place pci0000:40/01.0/00.0", "model 10de:20b5",
                ]),
            isolation: .init(
                verdict: "isolated", reasons: ["Every port above keeps its devices apart."], causes: []),
            capabilities: .init(
                standard: [1, 5, 16, 17], extended: [1, 3, 13], isSound: true, portType: "endpoint",
                resets: ["flr", "pm"],
                msiVectors: 1, msixVectors: 64,
                acs: .init(capable: ["source validation", "request redirect"], enabled: ["source validation"]),
                ats: true,
                hasPRI: false, hasPASID: true, hasARI: true, hasAER: true,
                sriov: .init(
                    initialVFs: 16, totalVFs: 16, numVFs: 0, firstOffset: 4, stride: 1, vfDeviceID: "20b5"),
                resizableBARs: [.init(index: 1, sizesMiB: [256, 131_072], currentMiB: 131_072)]),
            link: .init(
                speedMTs: 16_000, width: 8, maxSpeedMTs: 16_000, maxWidth: 16, upstreamMaxSpeedMTs: 32_000,
                upstreamMaxWidth: 16, isNarrow: true, isSlow: false),
            powerState: "D0", slot: .init(name: "4", label: nil, index: nil),
            rom: .init(codeTypes: [0, 3], hasUEFI: true, isSound: true, isShadow: false),
            errors: .init(correctable: 3, nonfatal: 0, fatal: 0), isSilent: false,
            holders: [
                .init(
                    pid: 812, command: "nvidia-persiste", node: "/dev/nvidia1", unit: "nvidia-persistenced.service",
                    container: nil, recipe: "systemctl stop nvidia-persistenced")
            ], mediated: nil, path: ["0000:40:01.0"])
    ]

    static let survey = API.Survey(
        host: "atlas", wasRead: true,
        platform: .init(
            numaCells: [
                .init(
                    node: 0, cpus: Array(0..<32), sockets: [0], memoryMiB: 262_144, freeMiB: 65_536,
                    hugepages: [.init(sizeKiB: 1_048_576, total: 32, free: 16)], distances: [10, 21]),
                .init(
                    node: 1, cpus: Array(32..<64), sockets: [1], memoryMiB: 262_144, freeMiB: nil, hugepages: [],
                    distances: [21, 10]),
            ],
            cpu: .init(
                vendor: "AuthenticAMD", model: "AMD EPYC 7543", sockets: 2, cores: 64, threads: 64,
                isolated: [4, 5, 6],
                nohzFull: [], hasVirtualization: true, isGuest: false),
            firmware: .init(
                systemVendor: "Supermicro", productName: "AS-4124GS", boardVendor: nil, boardName: nil,
                biosVendor: "AMI", biosVersion: "2.3"),
            boot: .init(
                distribution: "debian", loader: "grub", configurationFile: "/etc/default/grub",
                configured: ["quiet", "iommu=pt"], running: ["quiet"],
                moduleOptions: ["options vfio-pci ids=10de:20b5"],
                isUEFI: true, isSecureBoot: false, lockdown: "none"),
            iommu: .init(
                firmwareTables: ["IVRS"], units: ["ivhd0", "ivhd1"], groupCount: 61, hasInterruptRemapping: true,
                platformCanRemapInterrupts: nil, allowsUnsafeInterrupts: false, allowsNoIOMMU: nil, acsOverride: nil,
                weakenedACS: []),
            vfio: .init(loaded: ["vfio", "vfio_pci"], variantDrivers: [], hasIOMMUFD: false, parameters: [:]),
            software: .init(
                qemu: "7.2.0", libvirt: "9.0.0", guestFirmware: ["/usr/share/OVMF/OVMF_CODE.fd"], lockableBytes: -1,
                vendorDrivers: ["nvidia": "550.90.07"]),
            units: ["libvirtd.service": "active"]),
        usb: [
            usb(
                "1-3", "SanDisk Ultra", "0781:5581",
                [
                    .init(
                        number: 0, classCode: "08", className: "storage",
                        subclass: "06", interfaceProtocol: "50", driver: "usb-storage")
                ], nodes: ["sdc"],
                use: .init(
                    reason: "mount", severity: "in-use", chain: ["/mnt", "sdc1", "sdc", "usb 1-3"],
                    sentence: "mounted file system: /mnt → sdc1 → sdc → usb 1-3")),
            usb(
                "1-4.1", "YubiKey 5", "1050:0407",
                [
                    .init(
                        number: 0, classCode: "03", className: "human interface",
                        subclass: "01", interfaceProtocol: "01", driver: "usbhid")
                ], nodes: [], use: nil),
        ], mediatedParents: [], mediatedDevices: [], holders: [:])

    private static func usb(
        _ port: String, _ title: String, _ ids: String, _ interfaces: [API.USBInterface], nodes: [String],
        use: API.HostUse?
    ) -> API.USBDevice {
        API.USBDevice(
            id: "atlas/usb-\(port)", host: "atlas", name: port, title: title, vendorID: String(ids.prefix(4)),
            productID: String(ids.suffix(4)), vendorName: nil, productName: title, serial: "00017",
            isSerialUnique: false,
            busNumber: 1, deviceNumber: 7, controller: "0000:00:14.0", ports: port == "1-3" ? [3] : [4, 1],
            companion: "usb2-port3", connectType: "hotplug", speedKbps: 480_000, usbVersion: "2.00", kind: "device",
            interfaces: interfaces, maxPowerMilliamperes: 100, isAuthorized: true, nodes: nodes,
            state: use == nil ? .free : .host, reason: use?.sentence ?? "In no pool.", pools: [], vm: nil,
            recognisedBy: ["place \(port)", "model \(ids)"],
            verdict: use == nil ? .free : .inUse, hostUses: use.map { [$0] } ?? [])
    }
}
