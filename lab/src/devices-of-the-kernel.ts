/** They come with the kernel or a module of its, and cannot be deleted. */
export const devicesOfTheKernel: readonly string[] = ['lo', 'ip_vti0'];
