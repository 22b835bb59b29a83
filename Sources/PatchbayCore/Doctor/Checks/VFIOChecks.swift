/// The drivers that hand devices to guests.
enum VFIOChecks {
    static func examine(_ patient: Patient) -> [DoctorCheck] {
        [vfio(patient)] + variants(patient) + iommufd(patient)
    }

    private static func vfio(_ patient: Patient) -> DoctorCheck {
        let readiness = patient.inventory.readiness
        let check = { (verdict: DoctorCheck.Verdict, reason: String, fix: [NextStep]) in
            DoctorCheck("vfio", "VFIO", verdict, reason, evidence: loaded(patient), fix: fix)
        }
        if readiness.vfioLoaded { return check(.pass, "vfio-pci is loaded.", []) }
        switch readiness.vfioAvailable {
        case true?: return check(.pass, "vfio-pci is available and is loaded when needed.", [])
        case nil:
            return check(
                .unknown, "vfio-pci is not loaded; whether this kernel has it could not be determined.",
                ["Check on the host:  modinfo vfio-pci"])
        case false?:
            return check(
                .failure, "This kernel has no vfio-pci driver: no device can be handed over.",
                [NextStep("Install the modules of the running kernel\(package(patient)), then check again", .examine())]
            )
        }
    }

    private static func loaded(_ patient: Patient) -> [String] {
        let names = patient.platform.vfio.loaded
        return names.isEmpty ? [] : ["loaded: \(names.joined(separator: ", "))"]
    }

    /// What holds the modules that small images of a distribution leave out.
    private static func package(_ patient: Patient) -> String {
        let names = [patient.platform.boot.distribution ?? ""] + patient.platform.boot.distributionFamily
        let kernel = patient.inventory.host.kernel ?? "$(uname -r)"
        if names.contains("ubuntu") { return " (sudo apt install linux-modules-extra-\(kernel))" }
        if names.contains("debian") {
            return " (sudo apt install linux-image-\(debianName(patient)): the cloud kernel has none)"
        }
        if names.contains(where: { ["fedora", "rhel", "centos"].contains($0) }) {
            return " (sudo dnf install kernel-modules-\(kernel))"
        }
        return ""
    }

    private static func debianName(_ patient: Patient) -> String {
        switch patient.architecture {
        case .arm: "arm64"
        case .power: "powerpc64le"
        case .mainframe: "s390x"
        case .riscv: "riscv64"
        case .loongarch: "loong64"
        case .x86, nil: "amd64"
        }
    }

    private static func variants(_ patient: Patient) -> [DoctorCheck] {
        let names = patient.platform.vfio.variantDrivers
        guard !names.isEmpty else { return [] }
        let version = patient.platform.software.libvirt
        let old = version.map { $0 < SoftwareVersion(10, 0) } ?? false
        return [
            DoctorCheck(
                "variant-drivers", "Variant drivers", .note,
                "This kernel has drivers that replace vfio-pci for some models (live migration, large memory)."
                    + (old ? " libvirt chooses them automatically since 10.0." : ""),
                evidence: Patient.few(names))
        ]
    }

    private static func iommufd(_ patient: Patient) -> [DoctorCheck] {
        guard patient.platform.vfio.hasIOMMUFD else { return [] }
        return [
            DoctorCheck(
                "iommufd", "iommufd", .pass,
                "/dev/iommu is there: QEMU 9.0 and later can use it in place of VFIO's groups.")
        ]
    }
}
