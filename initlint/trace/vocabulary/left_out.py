"""Public names of torch that the tables deliberately leave out, and why.

Looking one of them up gives nothing, so that what uses it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

_REASONS: Mapping[str, str] = {
    "not an operation on tensors: typing, imports and decorators of the module": """
        Optional assert_int_or_pair boolean_dispatch handle_torch_function has_torch_function has_torch_function_unary
        has_torch_function_variadic classproperty compiled_with_cxx11_abi typename factory_kwargs
        LinearCrossEntropyOptions
    """,
    "tensors with a place in a module: the interpreter makes them itself": """
        Parameter Buffer UninitializedParameter UninitializedBuffer
    """,
    "settings of torch, read or written": """
        are_deterministic_algorithms_enabled autocast_decrement_nesting autocast_increment_nesting
        clear_autocast_cache get_autocast_cpu_dtype get_autocast_dtype get_autocast_gpu_dtype get_autocast_ipu_dtype
        get_autocast_xla_dtype get_deterministic_debug_mode get_device_module get_float32_matmul_precision
        get_num_interop_threads init_num_threads is_anomaly_check_nan_enabled is_anomaly_enabled
        is_autocast_cache_enabled is_autocast_ipu_enabled is_autocast_xla_enabled
        is_deterministic_algorithms_warn_only_enabled is_vulkan_available is_warn_always_enabled
        set_anomaly_enabled set_autocast_cache_enabled set_autocast_cpu_dtype set_autocast_cpu_enabled
        set_autocast_dtype set_autocast_enabled set_autocast_gpu_dtype set_autocast_ipu_dtype
        set_autocast_ipu_enabled set_autocast_xla_dtype set_autocast_xla_enabled
        prepare_multiprocessing_environment profiler_allow_cudagraph_cupti_lazy_reinit_cuda12 thread_safe_generator
    """,
    "machinery of TorchScript, of compilers and of symbolic shapes": """
        fork wait import_ir_module import_ir_module_from_buffer merge_type_from_type_comment parse_ir parse_schema
        parse_type_comment unify_type_list sym_constrain_range sym_constrain_range_for_size sym_float sym_fresh_size
        sym_int sym_ite sym_max sym_min sym_not sym_sqrt sym_sum cond while_loop hash_tensor
    """,
    "copying variants of views, made for compilers": """
        alias_copy as_strided_copy ccol_indices_copy col_indices_copy crow_indices_copy detach_copy diagonal_copy
        expand_copy indices_copy narrow_copy permute_copy row_indices_copy select_copy slice_copy split_copy
        split_with_sizes_copy squeeze_copy t_copy transpose_copy unbind_copy unfold_copy unsqueeze_copy values_copy
        view_as_complex_copy view_as_real_copy view_copy slice_inverse as_strided_scatter
    """,
    "kernels of one backend, called through their portable functions": """
        affine_grid_generator batch_norm_backward_elemt batch_norm_backward_reduce batch_norm_elemt
        batch_norm_gather_stats batch_norm_gather_stats_with_counts batch_norm_stats batch_norm_update_stats
        convolution cudnn_affine_grid_generator cudnn_batch_norm cudnn_convolution cudnn_convolution_add_relu
        cudnn_convolution_relu cudnn_convolution_transpose cudnn_grid_sampler cudnn_is_acceptable embedding_renorm_
        grid_sampler_2d grid_sampler_3d miopen_batch_norm miopen_convolution miopen_convolution_add_relu
        miopen_convolution_relu miopen_convolution_transpose miopen_ctc_loss miopen_depthwise_convolution miopen_rnn
        mkldnn_adaptive_avg_pool2d mkldnn_convolution mkldnn_linear_backward_weights mkldnn_max_pool2d
        mkldnn_max_pool3d mkldnn_rnn_layer native_batch_norm native_dropout native_group_norm native_layer_norm
        native_norm segment_reduce
    """,
    "quantized arithmetic": """
        choose_qparams_optimized dequantize empty_quantized fake_quantize_per_channel_affine
        fake_quantize_per_tensor_affine fbgemm_linear_fp16_weight fbgemm_linear_fp16_weight_fp32_activation
        fbgemm_linear_int8_weight fbgemm_linear_int8_weight_fp32_activation fbgemm_linear_quantize_weight
        fbgemm_pack_gemm_matrix_fp16 fbgemm_pack_quantized_matrix fused_moving_avg_obs_fake_quant int_repr
        q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qscheme
        quantize_per_channel quantize_per_tensor quantize_per_tensor_dynamic quantized_batch_norm quantized_gru
        quantized_gru_cell quantized_lstm quantized_lstm_cell quantized_max_pool1d quantized_max_pool2d
        quantized_max_pool3d quantized_rnn_relu_cell quantized_rnn_tanh_cell
    """,
    "sparse and nested layouts": """
        ccol_indices coalesce col_indices crow_indices dsmm hsmm hspmm indices resize_as_sparse_ row_indices saddmm smm
        sparse_bsc_tensor sparse_bsr_tensor sparse_compressed_tensor sparse_coo_tensor sparse_csc_tensor
        sparse_csr_tensor sparse_mask sparse_resize_ sparse_resize_and_clear_ spmm sspaddmm to_mkldnn
        to_padded_tensor to_sparse to_sparse_bsc to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr values
    """,
    "matrix functions and decompositions: what becomes of a signal's distribution has no simple answer": """
        cholesky cholesky_ex cholesky_inverse cholesky_solve det eig eigh eigvals eigvalsh frobenius_norm geqrf
        householder_product inv inv_ex inverse ldl_factor ldl_factor_ex ldl_solve lobpcg logdet lstsq lu lu_factor
        lu_factor_ex lu_solve lu_unpack matrix_exp matrix_power matrix_rank nuclear_norm orgqr ormqr pca_lowrank pinv
        pinverse qr slogdet solve solve_ex solve_triangular svd svd_lowrank svdvals symeig tensorinv tensorsolve
        triangular_solve
    """,
    "special functions that no model puts between layers": """
        airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 chebyshev_polynomial_t chebyshev_polynomial_u
        chebyshev_polynomial_v chebyshev_polynomial_w entr erfcx gammainc gammaincc gcd hermite_polynomial_h
        hermite_polynomial_he histogramdd i0e i1 i1e igamma igammac laguerre_polynomial_l lcm legendre_polynomial_p
        log_ndtr modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 multigammaln mvlgamma
        ndtr ndtri nextafter polygamma scaled_modified_bessel_k0 scaled_modified_bessel_k1
        shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v
        shifted_chebyshev_polynomial_w spherical_bessel_j0 xlog1py zeta frexp
    """,
    "changes storage or identity of a tensor behind its shape": """
        apply_ as_subclass chalf const_data_ptr grad_dtype index ipu map2_ map_ module_load mtia output_nr reinforce
        resize resize_ resize_as resize_as_ retains_grad set_ storage_type volatile fill
    """,
    "files, loading and exchange with other libraries": "from_file get_file_path load to_dlpack",
}

LEFT_OUT: Mapping[str, str] = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Short public name (of torch, Tensor, torch.special, torch.linalg, torch.nn, torch.nn.functional) to reason."""
